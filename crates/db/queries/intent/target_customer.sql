-- A customer account that can be written to. Primary keys.
SELECT
    customer.remote_id,
    NULL::text AS parent_remote_id,
    '' AS product_type,
    NULL::text AS manage_stock,
    '' AS status,
    store.decimals,
    coalesce($4::text = ANY (store_ownership.shop_fields), false) AS is_of_shop
FROM customer
JOIN store ON store.tenant_id = customer.tenant_id AND store.id = customer.store_id
LEFT JOIN store_ownership
    ON store_ownership.tenant_id = store.tenant_id AND store_ownership.store_id = store.id
WHERE customer.tenant_id = $1
    AND customer.store_id = $2
    AND customer.id = $3
    AND customer.deleted_at IS NULL
