-- A customer account that can be written to. Primary keys.
SELECT
    customer.remote_id,
    NULL::text AS parent_remote_id,
    '' AS product_type,
    NULL::text AS manage_stock,
    '' AS status,
    store.decimals
FROM customer
JOIN store ON store.tenant_id = customer.tenant_id AND store.id = customer.store_id
WHERE customer.tenant_id = $1
    AND customer.store_id = $2
    AND customer.id = $3
    AND customer.deleted_at IS NULL
