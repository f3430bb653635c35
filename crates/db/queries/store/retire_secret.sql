-- Ends the validity of a store's secrets of one kind. Primary key.
UPDATE store_secret
SET retired_at = $4
WHERE tenant_id = $1 AND store_id = $2 AND kind = $3 AND retired_at IS NULL
