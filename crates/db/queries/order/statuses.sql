-- The statuses of a store's newest 1,000 orders. Index orders_store_newest.
SELECT DISTINCT newest.status
FROM (
    SELECT status
    FROM orders
    WHERE tenant_id = $1 AND store_id = $2 AND trashed_at IS NULL AND deleted_at IS NULL
    ORDER BY created_at DESC, id DESC
    LIMIT 1000
) newest
ORDER BY newest.status
