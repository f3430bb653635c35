-- A customer account as far as edits are about it. Primary key.
SELECT
    name,
    email,
    billing,
    shipping
FROM customer
WHERE tenant_id = $1
    AND store_id = $2
    AND id = $3
    AND deleted_at IS NULL
FOR SHARE
