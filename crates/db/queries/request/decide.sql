-- Decides a request that waits and is as its decider saw it; no row if somebody was faster. Primary key.
UPDATE request
SET state = $4,
    version = version + 1,
    decided_by = $5,
    decided_name = $6,
    decided_at = $7,
    decided_meaning = $8,
    decided_edit = $9,
    intent_id = $10,
    reason = $11,
    deed_id = $12,
    due_at = NULL,
    updated_at = $7
WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'waiting'
RETURNING version
