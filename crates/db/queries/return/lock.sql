-- Has everybody else who would move a return wait until this transaction ends, but not who only adds to its timeline. Primary key.
SELECT FROM return_case
WHERE tenant_id = $1 AND id = $2
FOR NO KEY UPDATE
