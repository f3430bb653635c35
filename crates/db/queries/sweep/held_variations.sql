-- The variations of one parent that we hold, outside the trash. Index product_parent.
SELECT
    remote_id,
    remote_number,
    remote_modified_at,
    saved_at
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND parent_remote_id = $3
    AND deleted_at IS NULL
    AND trashed_at IS NULL
ORDER BY remote_number
