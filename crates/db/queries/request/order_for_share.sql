-- An order as far as requests are about it. Primary key.
SELECT
    number,
    status
FROM orders
WHERE tenant_id = $1
    AND store_id = $2
    AND id = $3
    AND trashed_at IS NULL
    AND deleted_at IS NULL
FOR SHARE
