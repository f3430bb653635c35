-- Brings a request that failed back to be decided on what the store holds by now; no row if somebody was faster. Primary key.
UPDATE request
SET state = 'waiting',
    version = version + 1,
    current = $4,
    stale_at = CASE WHEN base <> $4 THEN coalesce(stale_at, $8) END,
    decided_by = NULL,
    decided_name = NULL,
    decided_at = NULL,
    decided_meaning = NULL,
    decided_edit = NULL,
    intent_id = NULL,
    reason = NULL,
    result = NULL,
    deed_id = $5,
    due_at = $6,
    reminders = 0,
    expires_at = $7,
    updated_at = $8
WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'failed'
RETURNING version
