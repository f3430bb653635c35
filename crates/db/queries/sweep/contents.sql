-- The JSON of records as we last stored it, whatever their kind. Primary keys.
SELECT id, raw FROM orders WHERE tenant_id = $1 AND id = ANY ($2)
UNION ALL
SELECT id, raw FROM product WHERE tenant_id = $1 AND id = ANY ($2)
UNION ALL
SELECT id, raw FROM customer WHERE tenant_id = $1 AND id = ANY ($2)
UNION ALL
SELECT id, raw FROM coupon WHERE tenant_id = $1 AND id = ANY ($2)
