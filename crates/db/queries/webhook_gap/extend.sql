-- Adds to the open gap: the earlier beginning, the later look; of two looks at one cause the later tells its topics. Index webhook_gap_open.
UPDATE webhook_gap
SET since = least(since, $3), found_at = $5, found = found || $4, mended_at = NULL
WHERE tenant_id = $1 AND store_id = $2 AND closed_at IS NULL
