-- Marks products as gone in the store; the rows stay. Primary key.
UPDATE product
SET deleted_at = $3,
    saved_at = $3
WHERE tenant_id = $1 AND id = ANY ($2) AND deleted_at IS NULL
