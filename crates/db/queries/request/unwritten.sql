-- The write that an earlier approval of a request became, if it failed; its id is that of the approval. Primary keys.
SELECT
    intent.id,
    intent.entity_id,
    intent.reason
FROM request_event AS event
JOIN intent ON intent.tenant_id = event.tenant_id AND intent.id = event.id
WHERE event.tenant_id = $1 AND event.request_id = $2 AND event.kind = 'approved' AND intent.state = 'failed'
ORDER BY intent.id
LIMIT 1
