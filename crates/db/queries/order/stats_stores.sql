-- The stores in sight with their clocks, by name. Few rows: one per connected store.
SELECT
    store.tenant_id,
    store.id,
    store.name,
    store.timezone,
    store.currency
FROM store
WHERE ($1::uuid[] IS NULL OR store.id = ANY ($1)) AND ($2::uuid IS NULL OR store.id = $2)
ORDER BY store.name, store.id
