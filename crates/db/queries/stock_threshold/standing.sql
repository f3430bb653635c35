-- A product as far as its level goes. It stays as it is until this transaction ends: no sale falls between what is read here and the level
-- that is set on it, and whoever sets it too waits. Primary key.
SELECT
    product.store_id,
    product.name,
    product.manage_stock,
    product.stock_quantity
FROM product
WHERE product.tenant_id = $1
    AND product.id = $2
    AND product.trashed_at IS NULL
    AND product.deleted_at IS NULL
FOR NO KEY UPDATE
