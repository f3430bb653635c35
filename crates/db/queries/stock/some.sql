-- Products and variations with their levels, found by what they are. Their own index first: primary key, product_platform_id, product_sku,
-- or low_stock_open for what is low.
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
    CASE WHEN product.id <> article.id THEN article.id END AS parent_id,
    CASE WHEN product.id <> article.id THEN article.name END AS parent_name,
    article.sort_name AS article_name,
    article.id AS article_id,
    stock_threshold.version AS level_version,
    low_stock.since AS low_since
FROM product
JOIN store ON store.tenant_id = product.tenant_id AND store.id = product.store_id
JOIN product AS article ON article.tenant_id = product.tenant_id
    AND article.store_id = product.store_id
    AND article.remote_id = coalesce(product.parent_remote_id, product.remote_id)
LEFT JOIN stock_threshold
    ON stock_threshold.tenant_id = product.tenant_id AND stock_threshold.product_id = product.id
LEFT JOIN low_stock
    ON low_stock.tenant_id = product.tenant_id AND low_stock.product_id = product.id AND low_stock.ended_at IS NULL
WHERE product.deleted_at IS NULL
