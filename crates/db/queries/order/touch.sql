-- Moves the modification time of orders whose content is as we hold it. Primary key.
UPDATE orders
SET remote_modified_at = new.modified_at,
    saved_at = $4
FROM unnest($2::uuid[], $3::timestamptz[]) AS new (id, modified_at)
WHERE orders.tenant_id = $1 AND orders.id = new.id
