-- The requests that wait about some records of a store. Index request_waiting.
SELECT
    id,
    entity_id,
    number,
    about,
    edit,
    base,
    current,
    stale_at IS NOT NULL AS is_stale
FROM request
WHERE tenant_id = $1 AND store_id = $2 AND entity_id = ANY ($3) AND state = 'waiting'
