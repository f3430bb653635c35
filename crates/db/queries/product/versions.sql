-- What we hold of these products of one store, to decide what is new. Index product_remote_key. Each is the first at or
-- behind its id, in the order of that index: a plan that was made while the table was empty could take any other that begins with a store.
SELECT held.*
FROM unnest($3::text[]) AS wanted (remote_id)
CROSS JOIN LATERAL (
    SELECT
        remote_id,
        id,
        remote_modified_at,
        content_hash,
        saved_at,
        read_at,
        kind,
        cardinality(variation_ids) > 0 AS has_variations,
        status,
        price,
        manage_stock,
        stock_quantity,
        stock_status,
        trashed_at,
        deleted_at
    FROM product
    WHERE product.tenant_id = $1
        AND product.store_id = $2
        AND product.remote_id >= wanted.remote_id
    ORDER BY product.remote_id
    LIMIT 1
) AS held
WHERE held.remote_id = wanted.remote_id
