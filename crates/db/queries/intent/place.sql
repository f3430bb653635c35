-- A store as far as something can be made in it. Primary key.
SELECT decimals
FROM store
WHERE tenant_id = $1 AND id = $2
