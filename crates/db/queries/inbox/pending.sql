-- The oldest waiting deliveries of one store. Index inbox_pending.
SELECT
    id,
    received_at,
    topic,
    webhook_id,
    delivery_id,
    source,
    body,
    attempts
FROM inbox
WHERE tenant_id = $1 AND store_id = $2 AND state = 'pending'
ORDER BY id
LIMIT $3
