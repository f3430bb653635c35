-- The links to an order: those that were not revoked before those that were, the newest first. Index order_share_of_order.
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
WHERE tenant_id = $1 AND order_id = $2
ORDER BY revoked_at IS NOT NULL, id DESC
LIMIT $3
