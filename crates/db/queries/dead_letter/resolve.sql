-- Closes dead letters for good: the same item met again stays closed. Primary key.
UPDATE dead_letter
SET retried_at = NULL,
    resolved_at = $4
WHERE tenant_id = $1 AND store_id = $2 AND id = ANY ($3) AND resolved_at IS NULL
