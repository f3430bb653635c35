-- What only the page of a product shows. Primary key of product.
SELECT product.raw
FROM product
WHERE product.tenant_id = $1 AND product.id = $2
