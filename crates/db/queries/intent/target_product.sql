-- A product or variation that can be written to. Primary keys.
SELECT
    product.remote_id,
    product.parent_remote_id,
    product.kind AS product_type,
    product.manage_stock,
    '' AS status,
    store.decimals,
    coalesce($4::text = ANY (store_ownership.shop_fields), false) AS is_of_shop
FROM product
JOIN store ON store.tenant_id = product.tenant_id AND store.id = product.store_id
LEFT JOIN store_ownership
    ON store_ownership.tenant_id = store.tenant_id AND store_ownership.store_id = store.id
WHERE product.tenant_id = $1
    AND product.store_id = $2
    AND product.id = $3
    AND product.trashed_at IS NULL
    AND product.deleted_at IS NULL
