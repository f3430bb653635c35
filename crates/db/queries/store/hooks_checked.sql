-- Says when the store's webhooks were last seen in order. Primary key.
UPDATE store
SET hooks_checked_at = $3
WHERE tenant_id = $1 AND id = $2
