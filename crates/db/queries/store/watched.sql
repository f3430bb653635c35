-- What tells whether a store needs people: its state, how far it was read, what was given up on. Few rows: one per connected store.
SELECT
    store.tenant_id,
    store.id,
    store.state,
    store.state_reason,
    store.freshness_goal_s,
    read.as_of,
    coalesce(dead.foreign_source, 0) AS foreign_letters,
    coalesce(dead.other, 0) AS other_letters,
    EXISTS (
        SELECT FROM webhook_gap gap
        WHERE gap.tenant_id = store.tenant_id AND gap.store_id = store.id AND gap.closed_at IS NULL
    ) AS has_webhook_gap
FROM store
LEFT JOIN (
    SELECT tenant_id, store_id, min(position) AS as_of
    FROM checkpoint
    WHERE listing = 'any' AND backfilled_at IS NOT NULL
    GROUP BY tenant_id, store_id
) AS read ON read.tenant_id = store.tenant_id AND read.store_id = store.id
LEFT JOIN (
    SELECT
        tenant_id,
        store_id,
        count(*) FILTER (WHERE cause = 'foreign_source') AS foreign_source,
        count(*) FILTER (WHERE cause <> 'foreign_source') AS other
    FROM dead_letter
    WHERE resolved_at IS NULL
    GROUP BY tenant_id, store_id
) AS dead ON dead.tenant_id = store.tenant_id AND dead.store_id = store.id
ORDER BY store.id
