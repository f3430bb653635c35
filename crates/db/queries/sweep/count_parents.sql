-- How many variable products there are: what a walk of variations has to visit. Index product_remote_number.
SELECT count(*) AS parents
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND deleted_at IS NULL
    AND trashed_at IS NULL
    AND parent_remote_id IS NULL
    AND (kind LIKE 'variable%' OR cardinality(variation_ids) > 0)
