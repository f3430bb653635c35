-- A product as far as requests are about it. It stays as it is until this transaction ends, so that no sale falls between what is read here
-- and the request that is written after it. Primary key.
SELECT
    name,
    sku,
    stock_quantity,
    regular_price,
    sale_price,
    status,
    categories,
    raw
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND id = $3
    AND trashed_at IS NULL
    AND deleted_at IS NULL
FOR SHARE
