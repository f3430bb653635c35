-- Where a store stands after work for it; answers whether the state changed. Primary key.
WITH before AS (
    SELECT state, state_reason FROM store WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE
)
UPDATE store
SET state = $3,
    state_reason = $4,
    last_ok_at = coalesce($5, store.last_ok_at),
    last_error = CASE WHEN $6::text IS NULL THEN store.last_error ELSE $6 END,
    last_error_at = CASE WHEN $6::text IS NULL THEN store.last_error_at ELSE $7 END,
    updated_at = $7
FROM before
WHERE store.tenant_id = $1 AND store.id = $2
RETURNING before.state <> $3 OR before.state_reason IS DISTINCT FROM $4 AS has_changed
