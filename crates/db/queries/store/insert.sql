-- A newly connected store.
INSERT INTO store (
    tenant_id, id, shard, name, home_url, rest_root, auth, timezone, currency, decimals, woo_version, hook_token_digest,
    created_at, updated_at, plain_http
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
