-- A person wants a failed intent tried again; what the store was last found to hold is what they now expect. Primary key.
UPDATE intent
SET state = 'waiting',
    reason = NULL,
    attempts = 0,
    due_at = $3,
    precondition = CASE WHEN precondition = 'null' THEN precondition ELSE coalesce(result, precondition) END,
    finished_at = NULL,
    updated_at = $3
WHERE tenant_id = $1 AND id = $2 AND state = 'failed'
