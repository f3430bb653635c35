-- A person stops the work for a store; no row if it is stopped already. Primary key.
UPDATE store
SET state = 'paused', state_reason = 'user', paused_at = $3, updated_at = $3
WHERE tenant_id = $1 AND id = $2 AND state <> 'paused'
RETURNING id
