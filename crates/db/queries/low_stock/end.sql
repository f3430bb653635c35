-- Says that products are no longer low, and answers which were. Index low_stock_open.
UPDATE low_stock
SET ended_at = $3
WHERE tenant_id = $1 AND product_id = ANY ($2) AND ended_at IS NULL
RETURNING product_id
