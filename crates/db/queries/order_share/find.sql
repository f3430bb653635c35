-- One link to an order. Primary key.
SELECT
    id,
    order_id,
    by_name,
    created_at,
    expires_at,
    revoked_at,
    looks,
    looked_at
FROM order_share
WHERE tenant_id = $1 AND order_id = $2 AND id = $3
