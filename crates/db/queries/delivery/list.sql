-- Deliveries newest first, store by store and then merged. Index inbox_newest; ids rise with time.
SELECT
    store.tenant_id,
    store.id AS store_id,
    store.name AS store_name,
    delivery.id,
    delivery.received_at,
    delivery.topic,
    delivery.webhook_id,
    delivery.delivery_id,
    delivery.source,
    delivery.state,
    delivery.reason,
    delivery.attempts,
    delivery.handled_at,
    delivery.bytes
FROM store
CROSS JOIN LATERAL (
    SELECT
        inbox.id,
        inbox.received_at,
        inbox.topic,
        inbox.webhook_id,
        inbox.delivery_id,
        inbox.source,
        inbox.state,
        inbox.reason,
        inbox.attempts,
        inbox.handled_at,
        octet_length(inbox.body)::bigint AS bytes
    FROM inbox
    WHERE inbox.tenant_id = store.tenant_id AND inbox.store_id = store.id
        AND ($3::text IS NULL OR inbox.state = $3)
        AND ($4::text IS NULL OR inbox.topic = $4)
        AND ($5::uuid IS NULL OR inbox.id < $5)
        AND ($6::timestamptz IS NULL OR inbox.received_at >= $6)
    ORDER BY inbox.id DESC
    LIMIT $7
) AS delivery
WHERE ($1::uuid[] IS NULL OR store.id = ANY ($1))
    AND ($2::uuid IS NULL OR store.id = $2)
ORDER BY delivery.id DESC
LIMIT $7
