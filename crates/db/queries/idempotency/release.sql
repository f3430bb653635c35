-- Lets the next try of the same request begin at once. Primary key.
UPDATE idempotency_key
SET taken_until = $4
WHERE tenant_id = $1 AND user_id = $2 AND key = $3 AND answer IS NULL
