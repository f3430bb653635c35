-- Moves the modification time of products whose content is as we hold it. Primary key.
UPDATE product
SET remote_modified_at = new.modified_at,
    saved_at = $4
FROM unnest($2::uuid[], $3::timestamptz[]) AS new (id, modified_at)
WHERE product.tenant_id = $1 AND product.id = new.id
