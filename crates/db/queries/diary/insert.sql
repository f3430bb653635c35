-- Writes an entry into a store's diary.
INSERT INTO diary (tenant_id, store_id, id, at, kind, detail, user_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
