-- What was sold in an order, with our product if we hold it, and how much of it other returns hold already. Primary key of order_line,
-- product_remote_key, return_case_of_order.
SELECT
    line.remote_id,
    line.name,
    line.sku,
    coalesce(line.quantity, 0) AS ordered,
    product.id AS product_id,
    coalesce((
        SELECT sum(item.quantity)
        FROM return_case AS other
        JOIN return_item AS item ON item.tenant_id = other.tenant_id AND item.return_id = other.id
        WHERE other.tenant_id = line.tenant_id
            AND other.order_id = line.order_id
            AND other.state NOT IN ('declined', 'cancelled')
            AND item.line_remote_id = line.remote_id
    ), 0) AS returned
FROM order_line AS line
LEFT JOIN product
    ON product.tenant_id = line.tenant_id
    AND product.store_id = $3
    AND product.remote_id = coalesce(line.variation_remote_id, line.product_remote_id)
WHERE line.tenant_id = $1 AND line.order_id = $2 AND line.kind = 'line_item'
ORDER BY line.position
