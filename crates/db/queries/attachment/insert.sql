-- Writes down a file whose bytes are kept. Index attachment_pkey.
INSERT INTO attachment (tenant_id, id, name, media_type, bytes, uploaded_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
