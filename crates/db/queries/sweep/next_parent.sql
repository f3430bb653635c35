-- The next variable product after an id. Index product_remote_number.
SELECT
    remote_id,
    remote_number
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_number > $3
    AND deleted_at IS NULL
    AND trashed_at IS NULL
    AND parent_remote_id IS NULL
    AND (kind LIKE 'variable%' OR cardinality(variation_ids) > 0)
ORDER BY remote_number
LIMIT 1
