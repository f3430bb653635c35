-- Keeps a file of counts as it was looked at.
INSERT INTO stock_import (
    tenant_id, id, store_id, name, encoding, ignored, made_by, made_name, created_at, expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
