-- One dead letter with its bytes, open or not. Primary key, store by store.
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
    octet_length(letter.body)::bigint AS bytes,
    letter.body
FROM store
JOIN dead_letter AS letter ON letter.tenant_id = store.tenant_id AND letter.store_id = store.id AND letter.id = $1
WHERE $2::uuid[] IS NULL OR store.id = ANY ($2)
ORDER BY letter.created_at DESC, store.id
LIMIT 1
