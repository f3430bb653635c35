-- Writes a letter to an address, once per cause.
INSERT INTO letter (tenant_id, id, store_id, to_address, to_name, subject, body, about_kind, about_id, once, due_at, created_at)
VALUES ($1, $2, $3, $10, $11, $4, $5, $6, $7, $8, $9, $9)
ON CONFLICT (tenant_id, once) DO NOTHING
