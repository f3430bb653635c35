-- The store of a customer, which is held still: who tags it meanwhile waits. Primary key.
SELECT store_id
FROM customer
WHERE tenant_id = $1 AND id = $2
FOR NO KEY UPDATE
