-- The variations of a parent that we hold. Index product_parent.
SELECT remote_id
FROM product
WHERE tenant_id = $1 AND store_id = $2 AND parent_remote_id = $3 AND deleted_at IS NULL
