-- The gap that is open. Index webhook_gap_open.
SELECT id, since, found_at, mended_at, found, closed_at, recovered
FROM webhook_gap
WHERE tenant_id = $1 AND store_id = $2 AND closed_at IS NULL
