-- Webhooks that told that their owner lost the right to see what they deliver, since when. Index inbox_webhook_owner.
SELECT webhook_id, min(received_at) AS lost_at
FROM inbox
WHERE tenant_id = $1 AND store_id = $2 AND reason = 'webhook_owner'
GROUP BY webhook_id
