-- What is known of a key. Primary key.
SELECT
    request_digest,
    deed_id,
    taken_by,
    answer
FROM idempotency_key
WHERE tenant_id = $1 AND user_id = $2 AND key = $3
