-- Ends an open alert. Index alert_open.
UPDATE alert
SET ended_at = $4
WHERE tenant_id = $1 AND store_id = $2 AND kind = $3 AND ended_at IS NULL
