-- The webhooks that we registered in a store. Primary key.
SELECT topic, remote_id, secret_id, registered_at
FROM store_webhook
WHERE tenant_id = $1 AND store_id = $2
ORDER BY topic
