-- Puts off a recheck that the store could not answer. Primary key.
UPDATE recheck
SET due_at = $5,
    attempts = attempts + 1,
    last_error = $6
WHERE tenant_id = $1 AND store_id = $2 AND kind = $3 AND remote_id = $4
