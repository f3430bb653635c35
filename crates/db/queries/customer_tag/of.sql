-- A customer's tags. Primary key.
SELECT tag
FROM customer_tag
WHERE tenant_id = $1 AND customer_id = $2
ORDER BY tag
