-- What orders of stores add up to within each store's own time, by currency and status; sums end where a decimal does. Index
-- orders_store_newest, and order_refund by primary key.
SELECT
    asked.store_id,
    orders.currency,
    orders.status,
    count(*) AS orders,
    least(sum(orders.total), 79228162514264337593543950335) AS total,
    least(coalesce(sum(given.back), 0), 79228162514264337593543950335) AS given_back
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS asked (tenant_id, store_id, begins, ends)
JOIN orders ON orders.tenant_id = asked.tenant_id
    AND orders.store_id = asked.store_id
    AND orders.created_at >= asked.begins
    AND orders.created_at < asked.ends
LEFT JOIN LATERAL (
    SELECT sum(order_refund.amount) AS back
    FROM order_refund
    WHERE order_refund.tenant_id = orders.tenant_id AND order_refund.order_id = orders.id
) AS given ON true
WHERE orders.trashed_at IS NULL AND orders.deleted_at IS NULL
GROUP BY asked.store_id, orders.currency, orders.status
ORDER BY asked.store_id, orders.currency, orders.status
