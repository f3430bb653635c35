-- The statuses of a store's newest 1,000 orders, and those that it said it takes. Index orders_store_newest.
SELECT DISTINCT known.status
FROM (
    (
        SELECT status
        FROM orders
        WHERE tenant_id = $1 AND store_id = $2 AND trashed_at IS NULL AND deleted_at IS NULL
        ORDER BY created_at DESC, id DESC
        LIMIT 1000
    )
    UNION ALL
    SELECT unnest(order_statuses) FROM store WHERE tenant_id = $1 AND id = $2
) known
ORDER BY known.status
