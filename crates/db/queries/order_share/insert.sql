-- Makes a link. Asked for again with the same id by the same person, it is one link with a new address: the first was never told.
INSERT INTO order_share (tenant_id, id, order_id, token_digest, made_by, by_name, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, id) DO UPDATE SET token_digest = $4
WHERE order_share.order_id = $3 AND order_share.made_by = $5 AND order_share.revoked_at IS NULL
