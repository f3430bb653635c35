-- Ends a link before its time, once. Primary key.
UPDATE order_share SET revoked_at = $4, revoked_by = $5
WHERE tenant_id = $1 AND order_id = $2 AND id = $3 AND revoked_at IS NULL
