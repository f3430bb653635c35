-- The timelines of requests, oldest first. Primary key.
SELECT
    event.request_id,
    event.id,
    event.at,
    event.user_id,
    event.by_name,
    event.by_staff,
    event.kind,
    event.text,
    event.detail
FROM request_event AS event
WHERE event.tenant_id = $1 AND event.request_id = ANY ($2)
ORDER BY event.request_id, event.at, event.id
