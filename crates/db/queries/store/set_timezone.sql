-- Writes down that a store's clocks show the time of another zone; answers whether that is new. Primary key.
UPDATE store
SET timezone = $3,
    updated_at = $4
WHERE tenant_id = $1 AND id = $2 AND timezone <> $3
