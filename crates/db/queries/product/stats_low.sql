-- How many products and variations of each store are low now. Index low_stock_open.
SELECT
    low_stock.store_id,
    count(*) AS low
FROM low_stock
JOIN product ON product.tenant_id = low_stock.tenant_id AND product.id = low_stock.product_id
WHERE low_stock.ended_at IS NULL
    AND product.trashed_at IS NULL
    AND product.deleted_at IS NULL
    AND ($1::uuid[] IS NULL OR low_stock.store_id = ANY ($1))
GROUP BY low_stock.store_id
