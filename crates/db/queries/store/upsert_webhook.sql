-- Remembers the webhook that we registered for a topic. Primary key.
INSERT INTO store_webhook (tenant_id, store_id, topic, remote_id, registered_at, secret_id)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, store_id, topic) DO UPDATE SET
    remote_id = excluded.remote_id,
    registered_at = excluded.registered_at,
    secret_id = excluded.secret_id
