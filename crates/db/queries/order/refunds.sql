-- The refunds of one order, oldest first. Primary key.
SELECT
    remote_id,
    amount,
    reason,
    created_at,
    lines
FROM order_refund
WHERE tenant_id = $1 AND order_id = $2
ORDER BY created_at, remote_id
