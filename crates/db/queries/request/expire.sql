-- Ends a request that waited too long; no row if somebody was faster. Primary key.
UPDATE request
SET state = 'expired',
    version = version + 1,
    deed_id = $3,
    due_at = NULL,
    updated_at = $4
WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' AND expires_at <= $4
RETURNING version
