-- Inserts or replaces one coupon.
INSERT INTO coupon (
    tenant_id, store_id, id, remote_id, code, discount_type, amount, status, created_at, remote_modified_at, expires_at,
    content_hash, raw, saved_at, trashed_at, read_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT ON CONSTRAINT coupon_remote_key DO UPDATE SET
    code = excluded.code,
    discount_type = excluded.discount_type,
    amount = excluded.amount,
    status = excluded.status,
    created_at = excluded.created_at,
    remote_modified_at = excluded.remote_modified_at,
    expires_at = excluded.expires_at,
    trashed_at = excluded.trashed_at,
    deleted_at = NULL,
    content_hash = excluded.content_hash,
    raw = excluded.raw,
    read_at = coalesce(excluded.read_at, coupon.read_at),
    saved_at = excluded.saved_at
