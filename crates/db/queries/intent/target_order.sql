-- An order that can be written to. Primary keys.
SELECT
    orders.remote_id,
    NULL::text AS parent_remote_id,
    '' AS product_type,
    NULL::text AS manage_stock,
    orders.status,
    store.decimals,
    coalesce($4::text = ANY (store_ownership.shop_fields), false) AS is_of_shop
FROM orders
JOIN store ON store.tenant_id = orders.tenant_id AND store.id = orders.store_id
LEFT JOIN store_ownership
    ON store_ownership.tenant_id = store.tenant_id AND store_ownership.store_id = store.id
WHERE orders.tenant_id = $1
    AND orders.store_id = $2
    AND orders.id = $3
    AND orders.trashed_at IS NULL
    AND orders.deleted_at IS NULL
