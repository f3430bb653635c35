-- The newest valid secret of one kind of a store. Primary key.
SELECT id, sealed
FROM store_secret
WHERE tenant_id = $1 AND store_id = $2 AND kind = $3 AND retired_at IS NULL
ORDER BY created_at DESC, id DESC
LIMIT 1
