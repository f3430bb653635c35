-- Adds a note of staff, once per id. Primary key.
INSERT INTO ticket_note (tenant_id, ticket_id, id, at, user_id, by_name, text)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
