-- What we hold of these products of one store, to decide what is new. Index product_remote_key.
SELECT
    remote_id,
    id,
    remote_modified_at,
    content_hash,
    saved_at,
    kind,
    cardinality(variation_ids) > 0 AS has_variations,
    status,
    price,
    stock_quantity,
    stock_status,
    trashed_at,
    deleted_at
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_id = ANY ($3)
