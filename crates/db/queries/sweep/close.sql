-- Ends a run. Primary key.
UPDATE sweep
SET closed_at = $4
WHERE tenant_id = $1 AND store_id = $2 AND purpose = $3
