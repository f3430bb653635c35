-- Every product and variation of a store that has one of these SKUs, blanks around them aside. Read by the index product_remote_key, which
-- begins with the store: a file is looked at so seldom that its SKUs need none of their own.
SELECT id, sku, manage_stock, stock_quantity
FROM product
WHERE tenant_id = $1
    AND store_id = $2
    AND trashed_at IS NULL
    AND deleted_at IS NULL
    AND btrim(sku) = ANY ($3)
