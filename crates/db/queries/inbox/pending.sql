-- The oldest waiting deliveries of one store behind an id, received between these times, as many as fit into so many bytes, at least one.
-- Index inbox_pending, of the days in question; the id keeps it from what was handled and is not vacuumed yet.
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
    WHERE tenant_id = $1 AND store_id = $2 AND id > $7 AND state = 'pending' AND received_at BETWEEN $5 AND $6
    ORDER BY id
    LIMIT $3
) AS oldest
WHERE bytes_before < $4
ORDER BY id
