-- Adds an entry to a return's timeline, once.
INSERT INTO return_event (tenant_id, return_id, id, at, user_id, by_name, kind, text, detail, letter_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (tenant_id, return_id, id) DO NOTHING
