-- Has everybody else who would move a return wait until this transaction ends. Primary key.
SELECT FROM return_case
WHERE tenant_id = $1 AND id = $2
FOR UPDATE
