-- Has everybody else who would move a letter wait until this transaction ends. Primary key.
SELECT FROM letter
WHERE tenant_id = $1 AND id = $2
FOR UPDATE
