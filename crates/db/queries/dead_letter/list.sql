-- What waits for a person, newest first. Index dead_letter_open. An id may be a digest of the bytes: it orders nothing by itself.
SELECT
    letter.tenant_id,
    letter.store_id,
    store.name AS store_name,
    letter.id,
    letter.origin,
    letter.topic,
    letter.remote_id,
    letter.cause,
    letter.reason,
    letter.received_at,
    letter.created_at,
    letter.retried_at,
    letter.resolved_at,
    octet_length(letter.body)::bigint AS bytes
FROM dead_letter AS letter
JOIN store ON store.tenant_id = letter.tenant_id AND store.id = letter.store_id
WHERE letter.resolved_at IS NULL
    AND ($1::uuid[] IS NULL OR letter.store_id = ANY ($1))
    AND ($2::uuid IS NULL OR letter.store_id = $2)
    AND ($3::text IS NULL OR letter.cause = $3)
    AND ($4::uuid IS NULL OR (letter.created_at, letter.id) < (
        SELECT last.created_at, last.id FROM dead_letter AS last WHERE last.id = $4 ORDER BY last.created_at LIMIT 1))
ORDER BY letter.created_at DESC, letter.id DESC
LIMIT $5
