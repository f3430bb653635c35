-- What the shop alone changes in a store. Primary key.
SELECT shop_fields, version
FROM store_ownership
WHERE tenant_id = $1 AND store_id = $2
