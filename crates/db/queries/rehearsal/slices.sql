-- Per slice of $3 seconds since $2: what webhooks changed, and how long after their receipt. Reads the tenant's log by its primary key.
SELECT
    floor(extract(epoch FROM saved_at - $2) / $3)::integer AS slice,
    count(*) AS changes,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY lag) AS p50,
    percentile_disc(0.99) WITHIN GROUP (ORDER BY lag) AS p99
FROM (
    SELECT saved_at, (extract(epoch FROM saved_at - received_at) * 1000)::bigint AS lag
    FROM change
    WHERE tenant_id = $1 AND source = 'webhook' AND received_at IS NOT NULL AND saved_at >= $2
) told
GROUP BY slice
ORDER BY slice
