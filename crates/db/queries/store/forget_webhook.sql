-- Forgets the webhook of a topic that the store does not take. Primary key.
DELETE FROM store_webhook
WHERE tenant_id = $1 AND store_id = $2 AND topic = $3
