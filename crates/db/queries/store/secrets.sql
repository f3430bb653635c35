-- The sealed secrets of a store that are still valid, newest first. Primary key.
SELECT kind, sealed
FROM store_secret
WHERE tenant_id = $1 AND store_id = $2 AND retired_at IS NULL
ORDER BY created_at DESC, id DESC
