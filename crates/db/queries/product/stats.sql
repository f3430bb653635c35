-- How many articles the stores in sight hold, by status and state of stock. Indexes product_by_name and product_platform_by_name hold no
-- variation; what is low is few.
SELECT
    store.id,
    store.name,
    article.status,
    article.stock_status,
    count(article.id) AS products
FROM store
LEFT JOIN product AS article ON article.tenant_id = store.tenant_id
    AND article.store_id = store.id
    AND article.parent_remote_id IS NULL
    AND article.trashed_at IS NULL
    AND article.deleted_at IS NULL
WHERE ($1::uuid[] IS NULL OR store.id = ANY ($1)) AND ($2::uuid IS NULL OR store.id = $2)
GROUP BY store.id, store.name, article.status, article.stock_status
ORDER BY store.name, store.id
