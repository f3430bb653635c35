-- The lines of one order as the store ordered them. Primary key.
SELECT
    kind,
    remote_id,
    name,
    sku,
    product_remote_id,
    variation_remote_id,
    quantity,
    subtotal,
    subtotal_tax,
    total,
    total_tax,
    detail
FROM order_line
WHERE tenant_id = $1 AND order_id = $2
ORDER BY position
