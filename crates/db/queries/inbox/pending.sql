-- The oldest waiting deliveries of one store, as many as fit into so many bytes, at least one. Index inbox_pending.
SELECT
    id,
    received_at,
    topic,
    webhook_id,
    delivery_id,
    source,
    body,
    attempts
FROM (
    SELECT *, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS bytes_before
    FROM inbox
    WHERE tenant_id = $1 AND store_id = $2 AND state = 'pending'
    ORDER BY id
    LIMIT $3
) AS oldest
WHERE bytes_before < $4
ORDER BY id
