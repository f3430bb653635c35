-- How a store is reached from now on. Primary key.
UPDATE store
SET auth = $3, rest_root = $4, plain_http = $5, updated_at = $6
WHERE tenant_id = $1 AND id = $2
