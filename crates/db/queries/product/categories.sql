-- The categories of a store's products, each once. Index product_remote_number.
SELECT
    category.key AS remote_id,
    max(category.value) AS name
FROM product
CROSS JOIN LATERAL jsonb_each_text(product.categories) category
WHERE product.tenant_id = $1 AND product.store_id = $2 AND product.deleted_at IS NULL AND product.parent_remote_id IS NULL
GROUP BY category.key
ORDER BY max(category.value), category.key
LIMIT 500
