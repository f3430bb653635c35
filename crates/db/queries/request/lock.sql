-- Has everybody else who decides about a request wait until this transaction ends. Primary key.
SELECT FROM request
WHERE tenant_id = $1 AND id = $2
FOR UPDATE
