-- Webhooks that told that their owner lost the right to see what they deliver, since when; none if records have come since. A bare id of a
-- delete needs no right. Indexes inbox_newest and inbox_webhook_owner.
WITH newest AS (
    SELECT reason
    FROM inbox
    WHERE tenant_id = $1 AND store_id = $2 AND state IN ('applied', 'ignored') AND topic NOT LIKE '%.deleted'
    ORDER BY id DESC
    LIMIT 1
)
SELECT webhook_id, min(received_at) AS lost_at
FROM inbox
WHERE tenant_id = $1
    AND store_id = $2
    AND reason = 'webhook_owner'
    AND EXISTS (SELECT FROM newest WHERE newest.reason = 'webhook_owner')
GROUP BY webhook_id
