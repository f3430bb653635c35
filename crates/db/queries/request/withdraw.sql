-- Takes a request back that waits and is as it was seen; no row if somebody was faster. Primary key.
UPDATE request
SET state = 'withdrawn',
    version = version + 1,
    deed_id = $4,
    due_at = NULL,
    updated_at = $5
WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'waiting'
RETURNING version
