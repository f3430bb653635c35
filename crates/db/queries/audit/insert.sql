-- Writes down a deed. Ids rise with time.
INSERT INTO audit (tenant_id, id, at, user_id, action, entity_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7)
