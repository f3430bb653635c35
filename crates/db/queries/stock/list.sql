-- Products and variations that count their stock: by the name of their article, which is the product itself or the variable product that a
-- variation belongs to. Indexes product_by_name and product_platform_by_name in that order; for each article its own row by primary key and
-- its variations by product_parent.
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
FROM product AS article
CROSS JOIN LATERAL (
    SELECT own.*
    FROM product AS own
    WHERE own.tenant_id = article.tenant_id AND own.id = article.id
    UNION ALL
    SELECT variation.*
    FROM product AS variation
    WHERE variation.tenant_id = article.tenant_id
        AND variation.store_id = article.store_id
        AND variation.parent_remote_id = article.remote_id
) AS product
JOIN store ON store.tenant_id = product.tenant_id AND store.id = product.store_id
LEFT JOIN stock_threshold
    ON stock_threshold.tenant_id = product.tenant_id AND stock_threshold.product_id = product.id
LEFT JOIN low_stock
    ON low_stock.tenant_id = product.tenant_id AND low_stock.product_id = product.id AND low_stock.ended_at IS NULL
WHERE article.parent_remote_id IS NULL
    AND article.trashed_at IS NULL
    AND article.deleted_at IS NULL
    AND product.trashed_at IS NULL
    AND product.deleted_at IS NULL
