-- Keeps what a request was answered. Primary key.
UPDATE idempotency_key
SET answer = $4
WHERE tenant_id = $1 AND user_id = $2 AND key = $3 AND answer IS NULL
