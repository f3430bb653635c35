-- What we hold of the orders between two ids, the lower bound excluded. Index orders_remote_number.
SELECT
    remote_id,
    remote_number,
    remote_modified_at,
    saved_at,
    status,
    total,
    ARRAY(
        SELECT refund.remote_id
        FROM order_refund refund
        WHERE refund.tenant_id = orders.tenant_id AND refund.order_id = orders.id
        ORDER BY refund.remote_id
    ) AS refunds
FROM orders
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_number > $3
    AND remote_number <= $4
    AND deleted_at IS NULL
    AND (trashed_at IS NOT NULL) = $5
ORDER BY remote_number
LIMIT $6
