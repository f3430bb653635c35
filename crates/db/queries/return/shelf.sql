-- What the store counts of these products; no row for one that it does not count, or no longer has. They stay as they are until this
-- transaction ends, so that no sale falls between this number and the write that is made of it. Primary key.
SELECT
    id,
    stock_quantity
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND id = ANY ($3)
    AND manage_stock = 'yes'
    AND stock_quantity IS NOT NULL
    AND trashed_at IS NULL
    AND deleted_at IS NULL
ORDER BY id
FOR SHARE
