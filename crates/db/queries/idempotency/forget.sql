-- Deletes a person's keys that are over. Primary key.
DELETE FROM idempotency_key
WHERE tenant_id = $1 AND user_id = $2 AND created_at < $3
