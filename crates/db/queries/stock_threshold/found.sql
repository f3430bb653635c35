-- The level of a product and its version. Primary key.
SELECT level, version
FROM stock_threshold
WHERE tenant_id = $1 AND product_id = $2
