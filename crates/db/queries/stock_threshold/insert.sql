-- Sets the first level of a product, if it has none yet.
INSERT INTO stock_threshold (tenant_id, product_id, store_id, level, set_by, set_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, product_id) DO NOTHING
RETURNING version
