-- Products and variations with their levels, found by what they are. Their own index first: primary key, product_platform_id, product_sku,
-- or low_stock_open for what is low.
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
