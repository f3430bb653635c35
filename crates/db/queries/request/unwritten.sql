-- The write that an earlier approval of a request became, if it failed; its id is that of the approval. Not one whose record the store had
-- and has no more: there is nothing left of it that a new write could double. Primary keys.
SELECT
    intent.id,
    intent.entity_id,
    intent.reason
FROM request_event AS event
JOIN intent ON intent.tenant_id = event.tenant_id AND intent.id = event.id
WHERE event.tenant_id = $1 AND event.request_id = $2 AND event.kind = 'approved' AND intent.state = 'failed'
    AND intent.reason IS DISTINCT FROM 'gone' AND intent.cause ->> 'request' = event.request_id::text
ORDER BY intent.id
LIMIT 1
