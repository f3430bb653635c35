-- Products and variations that count their stock: by the name of their article, which is the product itself or the variable product that a
-- variation belongs to. Indexes product_by_name and product_platform_by_name in that order; for each article its own row by primary key and
-- its variations by product_parent.
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
