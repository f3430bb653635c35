-- Closes dead letters that are tried again; whatever fails again opens them again. Primary key.
UPDATE dead_letter
SET retried_at = $4,
    resolved_at = $4
WHERE tenant_id = $1 AND store_id = $2 AND id = ANY ($3) AND resolved_at IS NULL
