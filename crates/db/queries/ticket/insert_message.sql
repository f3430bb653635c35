-- Adds an entry to a thread, once per id. Primary key.
INSERT INTO ticket_message (tenant_id, ticket_id, id, at, user_id, by_name, by_staff, kind, text, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING
