-- What these products are called. Primary key.
SELECT id, name
FROM product
WHERE tenant_id = $1 AND id = ANY ($2)
