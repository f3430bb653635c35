-- What we hold of these orders of one store, to decide what is new. Index orders_remote_key.
SELECT
    remote_id,
    id,
    remote_modified_at,
    content_hash,
    lines_hash,
    saved_at,
    status,
    total,
    trashed_at,
    deleted_at,
    ARRAY(
        SELECT refund.remote_id || '=' || (refund.created_at IS NOT NULL)::text
        FROM order_refund refund
        WHERE refund.tenant_id = orders.tenant_id AND refund.order_id = orders.id
    ) AS refunds
FROM orders
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_id = ANY ($3)
