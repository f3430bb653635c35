-- One delivery with its bytes, whichever of the reader's tenants it is of. Primary key, tenant by tenant.
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
    octet_length(delivery.body)::bigint AS bytes,
    delivery.body
FROM tenant
CROSS JOIN LATERAL (
    SELECT
        inbox.tenant_id,
        inbox.store_id,
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
        inbox.body
    FROM inbox
    WHERE inbox.tenant_id = tenant.id AND inbox.id = $1
) AS delivery
JOIN store ON store.tenant_id = delivery.tenant_id AND store.id = delivery.store_id
WHERE $2::uuid[] IS NULL OR store.id = ANY ($2)
ORDER BY delivery.received_at DESC
LIMIT 1
