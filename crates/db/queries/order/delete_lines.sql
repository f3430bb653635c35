-- Clears the lines of orders that are about to be replaced. Primary key.
DELETE FROM order_line
WHERE tenant_id = $1 AND order_id = ANY ($2)
