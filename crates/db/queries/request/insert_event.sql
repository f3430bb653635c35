-- Adds an entry to a request's timeline, once per id. Primary key.
INSERT INTO request_event (tenant_id, request_id, id, at, user_id, by_name, by_staff, kind, text, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING
