-- The tenants that have a request whose time has come. Index request_due.
SELECT DISTINCT tenant_id
FROM request
WHERE state = 'waiting' AND due_at <= $1
LIMIT $2
