-- Writes a request down; what its asker saw is what the store holds. Indexes request_pkey, request_one_waiting.
INSERT INTO request (
    tenant_id, id, number, store_id, kind, entity_id, about, edit, base, current, asked_meaning, note, asked_by, asked_name, asked_at,
    deed_id, due_at, expires_at, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15, $16, $17, $14)
