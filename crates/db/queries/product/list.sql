-- A page of products by name. Indexes product_by_name, product_platform_by_name; its level by primary key.
SELECT
    product.tenant_id,
    product.id,
    product.store_id,
    store.name AS store_name,
    store.currency,
    product.remote_id,
    product.kind,
    product.name,
    product.sku,
    product.status,
    product.price,
    product.regular_price,
    product.sale_price,
    product.manage_stock,
    product.stock_quantity,
    product.stock_status,
    stock_threshold.level,
    cardinality(product.variation_ids)::bigint AS variation_count,
    product.image_url,
    product.permalink,
    product.attributes,
    product.categories,
    product.sort_name,
    product.remote_modified_at,
    product.trashed_at,
    product.deleted_at,
    product.saved_at,
    parent.id AS parent_id,
    parent.name AS parent_name
FROM product
JOIN store ON store.tenant_id = product.tenant_id AND store.id = product.store_id
LEFT JOIN product parent ON parent.tenant_id = product.tenant_id
    AND parent.store_id = product.store_id
    AND parent.remote_id = product.parent_remote_id
LEFT JOIN stock_threshold
    ON stock_threshold.tenant_id = product.tenant_id AND stock_threshold.product_id = product.id
