-- The requests of a tenant whose time has come, those first that have waited longest. Index request_due.
SELECT id
FROM request
WHERE tenant_id = $1 AND state = 'waiting' AND due_at <= $2
ORDER BY due_at, id
LIMIT $3
