-- Sets a product's level anew, if it is the version that was seen. Primary key.
UPDATE stock_threshold
SET level = $4,
    version = version + 1,
    set_by = $5,
    set_at = $6
WHERE tenant_id = $1 AND product_id = $2 AND version = $3
RETURNING version
