-- The webhooks are in order again; what was modified before must still be read. Index webhook_gap_open.
UPDATE webhook_gap
SET mended_at = $3
WHERE tenant_id = $1 AND store_id = $2 AND closed_at IS NULL AND mended_at IS NULL
