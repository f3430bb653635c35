-- A store's gaps, newest first; ids rise with time. Primary key.
SELECT id, since, found_at, mended_at, found, closed_at, recovered
FROM webhook_gap
WHERE tenant_id = $1 AND store_id = $2
ORDER BY id DESC
LIMIT $3
