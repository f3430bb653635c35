-- A person lets the work for a paused or parked store go on where it ended; no row if it is at work. Primary key.
WITH before AS (
    SELECT state FROM store WHERE tenant_id = $1 AND id = $2 AND state IN ('paused', 'parked') FOR NO KEY UPDATE
)
UPDATE store
SET state = $3, state_reason = 'resumed', paused_at = NULL, updated_at = $4
FROM before
WHERE store.tenant_id = $1 AND store.id = $2
RETURNING before.state AS was
