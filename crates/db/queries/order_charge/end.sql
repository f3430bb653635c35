-- Takes a charge back, once. Primary key.
UPDATE order_charge SET ended_at = $4, ended_by = $5
WHERE tenant_id = $1 AND order_id = $2 AND id = $3 AND ended_at IS NULL
