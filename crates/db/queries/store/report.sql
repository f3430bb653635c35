-- Where a store stands, in its actor's words; answers where it stood. What a person stopped stays stopped, whatever was
-- under way: no row then. Primary key.
WITH before AS (
    SELECT state, state_reason FROM store
    WHERE tenant_id = $1 AND id = $2 AND state NOT IN ('paused', 'parked')
    FOR NO KEY UPDATE
)
UPDATE store
SET state = $3,
    state_reason = $4,
    last_ok_at = coalesce($5, store.last_ok_at),
    last_error = coalesce($6, store.last_error),
    last_error_at = CASE WHEN $6::text IS NULL THEN store.last_error_at ELSE $7 END,
    updated_at = $7
FROM before
WHERE store.tenant_id = $1 AND store.id = $2
RETURNING before.state AS was, before.state_reason AS was_for
