-- Which of these products and variations the store sells still, as our copy has it. Index product_remote_key.
SELECT remote_id
FROM product
WHERE tenant_id = $1 AND store_id = $2 AND remote_id = ANY ($3) AND trashed_at IS NULL AND deleted_at IS NULL
