-- The names of stores and how fresh they are. Few rows: one per connected store.
SELECT
    store.id,
    store.name,
    store.state,
    store.state_reason,
    read.as_of,
    store.freshness_goal_s
FROM store
JOIN tenant ON tenant.id = store.tenant_id
LEFT JOIN (
    SELECT checkpoint.tenant_id, checkpoint.store_id, min(checkpoint.position) AS as_of FROM checkpoint
    WHERE checkpoint.listing = 'any' AND checkpoint.backfilled_at IS NOT NULL
    GROUP BY checkpoint.tenant_id, checkpoint.store_id
) read ON read.tenant_id = store.tenant_id AND read.store_id = store.id
WHERE $1::uuid[] IS NULL OR store.id = ANY ($1)
ORDER BY tenant.name, store.name, store.id
