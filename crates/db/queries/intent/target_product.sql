-- A product or variation that can be written to. Primary keys.
SELECT
    product.remote_id,
    product.parent_remote_id,
    product.kind AS product_type,
    product.manage_stock,
    '' AS status,
    store.decimals
FROM product
JOIN store ON store.tenant_id = product.tenant_id AND store.id = product.store_id
WHERE product.tenant_id = $1
    AND product.store_id = $2
    AND product.id = $3
    AND product.trashed_at IS NULL
    AND product.deleted_at IS NULL
