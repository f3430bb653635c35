-- What was ordered, without what it cost. Primary key.
SELECT
    name,
    quantity
FROM order_line
WHERE tenant_id = $1 AND order_id = $2 AND kind = 'line_item'
ORDER BY position
