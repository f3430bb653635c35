-- What the platform charges for an order, oldest first. Index order_charge_of_order.
SELECT
    id,
    order_id,
    label,
    amount,
    currency,
    by_name,
    created_at,
    ended_at
FROM order_charge
WHERE tenant_id = $1 AND order_id = $2
ORDER BY created_at, id
