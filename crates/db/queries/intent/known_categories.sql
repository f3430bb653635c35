-- The categories that any product of the store is in. Reads the store's products; asked only when a person files one anew.
SELECT DISTINCT category.id
FROM product
CROSS JOIN LATERAL jsonb_object_keys(product.categories) AS category (id)
WHERE product.tenant_id = $1
    AND product.store_id = $2
    AND product.parent_remote_id IS NULL
    AND product.deleted_at IS NULL
