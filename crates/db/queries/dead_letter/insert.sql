-- Sets an item aside with its bytes and the reason. One that was tried again and failed again is open again; one that a person
-- discarded stays so. What a delivery said of itself is copied from its inbox row. Primary keys.
INSERT INTO dead_letter (
    tenant_id, store_id, id, origin, topic, remote_id, reason, body, received_at, created_at, cause, webhook_id, delivery_id, source
)
SELECT
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
    coalesce(inbox.webhook_id, ''), coalesce(inbox.delivery_id, ''), coalesce(inbox.source, '')
FROM (SELECT) AS letter
LEFT JOIN inbox ON inbox.tenant_id = $1 AND inbox.id = $3 AND inbox.received_at = $9
ON CONFLICT (tenant_id, store_id, id) DO UPDATE SET
    reason = excluded.reason,
    cause = excluded.cause,
    body = excluded.body,
    received_at = excluded.received_at,
    created_at = excluded.created_at,
    resolved_at = NULL
WHERE dead_letter.resolved_at IS NOT NULL AND dead_letter.retried_at IS NOT NULL
