-- What waits in a rehearsal's tenant, and how its twins are treated.
SELECT
    (SELECT count(*) FROM inbox WHERE tenant_id = $1 AND state = 'pending') AS deliveries,
    (SELECT min(received_at) FROM inbox WHERE tenant_id = $1 AND state = 'pending') AS oldest,
    (SELECT count(*) FROM recheck WHERE tenant_id = $1) AS rechecks,
    (SELECT count(*) FROM intent WHERE tenant_id = $1 AND finished_at IS NULL) AS intents,
    (SELECT count(*) FROM store WHERE tenant_id = $1 AND state <> 'live') AS not_live,
    (SELECT count(*) FROM store_budget
        WHERE tenant_id = $1 AND (breaker <> 'closed' OR rests_until > $2 OR slower_until > $2)) AS spared,
    (SELECT count(*) FROM sweep
        WHERE tenant_id = $1 AND (wanted_at IS NOT NULL OR (started_at IS NOT NULL AND finished_at IS NULL))) AS walks
