-- What a record of a store is called, by its kind and our id, and its id in the store if it has one; no row if the store has none such.
-- Primary keys.
SELECT number AS title, remote_id FROM orders WHERE $3 = 'order' AND tenant_id = $1 AND store_id = $2 AND id = $4
UNION ALL
SELECT name, remote_id FROM product WHERE $3 = 'product' AND tenant_id = $1 AND store_id = $2 AND id = $4
UNION ALL
SELECT coalesce(nullif(name, ''), email), remote_id FROM customer
WHERE $3 = 'customer' AND tenant_id = $1 AND store_id = $2 AND id = $4
UNION ALL
SELECT name, NULL FROM store WHERE $3 = 'store' AND tenant_id = $1 AND id = $2 AND id = $4
UNION ALL
SELECT about, NULL FROM request WHERE $3 = 'request' AND tenant_id = $1 AND store_id = $2 AND id = $4
UNION ALL
SELECT order_number, NULL FROM return_case WHERE $3 = 'return' AND tenant_id = $1 AND store_id = $2 AND id = $4
