-- What an order's own page shows beside its summary. Primary key.
SELECT
    total_tax,
    shipping_total,
    discount_total,
    billing,
    shipping,
    payment_method_title,
    transaction_id,
    customer_note,
    paid_at,
    completed_at,
    raw
FROM orders
WHERE tenant_id = $1 AND id = $2
