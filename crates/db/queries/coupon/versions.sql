-- What we hold of these coupons of one store, to decide what is new. Index coupon_remote_key.
SELECT
    remote_id,
    id,
    remote_modified_at,
    content_hash,
    saved_at,
    trashed_at,
    deleted_at
FROM coupon
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_id = ANY ($3)
