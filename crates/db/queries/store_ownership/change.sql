-- Says anew what the shop alone changes in a store, if it is the version that was seen. Primary key.
UPDATE store_ownership
SET shop_fields = $4,
    version = version + 1,
    set_by = $5,
    set_at = $6
WHERE tenant_id = $1 AND store_id = $2 AND version = $3
RETURNING version
