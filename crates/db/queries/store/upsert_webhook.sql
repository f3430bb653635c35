-- Remembers the webhook that we registered for a topic.
INSERT INTO store_webhook (tenant_id, store_id, topic, remote_id, registered_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, store_id, topic) DO UPDATE SET
    remote_id = excluded.remote_id,
    registered_at = excluded.registered_at
