-- Has everybody else who moves a ticket wait until this transaction ends. Primary key.
SELECT FROM ticket
WHERE tenant_id = $1 AND id = $2
FOR UPDATE
