-- What we hold of the products between two ids, the lower bound excluded; variations are walked by parent. Index product_remote_number.
SELECT
    remote_id,
    remote_number,
    remote_modified_at,
    saved_at,
    status,
    kind,
    price,
    manage_stock,
    stock_quantity,
    stock_status
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_number > $3
    AND remote_number <= $4
    AND deleted_at IS NULL
    AND (trashed_at IS NOT NULL) = $5
    AND parent_remote_id IS NULL
ORDER BY remote_number
LIMIT $6
