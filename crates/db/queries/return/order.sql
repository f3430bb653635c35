-- The order whose goods come back, unless the store no longer has it. Primary key.
SELECT
    store_id,
    number,
    customer_name,
    customer_email
FROM orders
WHERE tenant_id = $1
    AND id = $2
    AND trashed_at IS NULL
    AND deleted_at IS NULL
