-- Takes a key for a request: a new key, or one whose request was cut off before its answer. No row if the key is taken or answered.
-- Whoever comes at the same time waits here for the first one's commit. Primary key.
INSERT INTO idempotency_key (tenant_id, user_id, key, request_digest, deed_id, taken_by, taken_until, created_at)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7)
ON CONFLICT (tenant_id, user_id, key) DO UPDATE SET
    taken_by = excluded.taken_by,
    taken_until = excluded.taken_until
WHERE idempotency_key.answer IS NULL
    AND idempotency_key.request_digest = excluded.request_digest
    AND idempotency_key.taken_until <= $7
RETURNING deed_id
