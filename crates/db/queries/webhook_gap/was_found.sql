-- Whether webhooks were mended for this cause lately. Primary key: a store has few gaps.
SELECT
FROM webhook_gap
WHERE tenant_id = $1
    AND store_id = $2
    AND mended_at >= $4
    AND jsonb_exists(found, $3)
LIMIT 1
