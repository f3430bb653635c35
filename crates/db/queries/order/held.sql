-- An order as far as work around it goes. Primary key.
SELECT
    store_id,
    currency,
    trashed_at IS NOT NULL OR deleted_at IS NOT NULL AS is_gone
FROM orders
WHERE tenant_id = $1 AND id = $2
