-- How many records came to light by reading since a moment. Once per gap; partitions before the moment are left out, then the primary key.
SELECT
    count(DISTINCT entity_id) FILTER (WHERE kind LIKE 'order.%') AS orders,
    count(DISTINCT entity_id) FILTER (WHERE kind LIKE 'product.%') AS products,
    count(DISTINCT entity_id) FILTER (WHERE kind LIKE 'customer.%') AS customers,
    count(DISTINCT entity_id) FILTER (WHERE kind LIKE 'coupon.%') AS coupons
FROM change
WHERE tenant_id = $1 AND store_id = $2 AND saved_at >= $3 AND source IN ('pull', 'sweep', 'reconcile')
