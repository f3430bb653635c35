-- Everything that a gap could have hidden has been read. Primary key.
UPDATE webhook_gap
SET closed_at = $5, recovered = $4
WHERE tenant_id = $1 AND store_id = $2 AND id = $3
