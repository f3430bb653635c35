-- How late webhooks were applied since $2, milliseconds. Reads the tenant's log by its primary key.
SELECT
    count(*) AS changes,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY lag) AS p50,
    percentile_disc(0.95) WITHIN GROUP (ORDER BY lag) AS p95,
    percentile_disc(0.99) WITHIN GROUP (ORDER BY lag) AS p99,
    max(lag) AS max
FROM (
    SELECT (extract(epoch FROM saved_at - received_at) * 1000)::bigint AS lag
    FROM change
    WHERE tenant_id = $1 AND source = 'webhook' AND received_at IS NOT NULL AND saved_at >= $2
) told
