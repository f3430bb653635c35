-- Sends a letter on its way again that failed, with as many tries as a new one; no row if it had not failed. Primary key.
UPDATE letter
SET state = 'waiting',
    tries = 0,
    due_at = $3,
    reason = NULL,
    finished_at = NULL
WHERE tenant_id = $1 AND id = $2 AND state = 'failed'
RETURNING id
