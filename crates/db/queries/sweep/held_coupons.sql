-- What we hold of the coupons between two ids, the lower bound excluded. Index coupon_remote_number.
SELECT
    remote_id,
    remote_number,
    remote_modified_at,
    saved_at,
    status
FROM coupon
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_number > $3
    AND remote_number <= $4
    AND deleted_at IS NULL
    AND (trashed_at IS NOT NULL) = $5
ORDER BY remote_number
LIMIT $6
