-- The alerts that are open, oldest first. Few rows; index alert_open.
SELECT
    alert.tenant_id,
    alert.store_id,
    store.name AS store_name,
    alert.kind,
    alert.since,
    alert.detail
FROM alert
JOIN store ON store.tenant_id = alert.tenant_id AND store.id = alert.store_id
WHERE alert.ended_at IS NULL AND ($1::uuid[] IS NULL OR alert.store_id = ANY ($1))
ORDER BY alert.since, alert.id
