-- A person takes an intent back that waits. Primary key.
UPDATE intent
SET state = 'failed',
    reason = 'cancelled',
    finished_at = $3,
    updated_at = $3
WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'
