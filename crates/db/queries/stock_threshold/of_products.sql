-- The levels of these products, and whether they are known to be low. Primary key, index low_stock_open.
SELECT
    stock_threshold.product_id,
    stock_threshold.level,
    low_stock.id IS NOT NULL AS is_low
FROM stock_threshold
LEFT JOIN low_stock ON low_stock.tenant_id = stock_threshold.tenant_id
    AND low_stock.product_id = stock_threshold.product_id
    AND low_stock.ended_at IS NULL
WHERE stock_threshold.tenant_id = $1 AND stock_threshold.product_id = ANY ($2)
