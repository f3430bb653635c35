-- A record's timeline, newest first. Index change_of_entity.
SELECT
    tenant_id,
    store_id,
    seq,
    kind,
    entity_id,
    source,
    store_time,
    received_at,
    saved_at,
    detail
FROM change
WHERE tenant_id = $1 AND entity_id = $2
ORDER BY seq DESC
LIMIT $3
