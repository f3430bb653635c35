-- Says for the first time what the shop alone changes in a store; $3 is the version of none. Nothing if somebody else was first.
INSERT INTO store_ownership (tenant_id, store_id, version, shop_fields, set_by, set_at)
VALUES ($1, $2, $3::bigint + 1, $4, $5, $6)
ON CONFLICT (tenant_id, store_id) DO NOTHING
RETURNING version
