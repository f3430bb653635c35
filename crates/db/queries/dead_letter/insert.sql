-- Sets an item aside with its bytes and the reason.
INSERT INTO dead_letter (tenant_id, store_id, id, origin, topic, remote_id, reason, body, received_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING
