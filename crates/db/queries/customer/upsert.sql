-- Inserts or replaces one customer.
INSERT INTO customer (
    tenant_id, store_id, id, remote_id, email, name, username, role, billing, shipping, created_at, remote_modified_at,
    content_hash, raw, saved_at, read_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT ON CONSTRAINT customer_remote_key DO UPDATE SET
    email = excluded.email,
    name = excluded.name,
    username = excluded.username,
    role = excluded.role,
    billing = excluded.billing,
    shipping = excluded.shipping,
    created_at = excluded.created_at,
    remote_modified_at = excluded.remote_modified_at,
    deleted_at = NULL,
    content_hash = excluded.content_hash,
    raw = excluded.raw,
    read_at = coalesce(excluded.read_at, customer.read_at),
    saved_at = excluded.saved_at
