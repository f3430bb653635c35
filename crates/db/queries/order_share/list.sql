-- Links to orders. Primary key, index order_share_of_order.
SELECT
    id,
    order_id,
    by_name,
    created_at,
    expires_at,
    revoked_at,
    looks,
    looked_at
FROM order_share
