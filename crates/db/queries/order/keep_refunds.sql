-- Removes refunds that the store no longer lists (a refund may be deleted there). Primary key.
DELETE FROM order_refund
WHERE tenant_id = $1
    AND order_id = ANY ($2)
    AND NOT (order_id::text || ' ' || remote_id = ANY ($3))
