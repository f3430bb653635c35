-- The statuses that stores said their orders may be given. Few rows: one per connected store.
SELECT DISTINCT unnest(order_statuses) AS status
FROM store
WHERE ($1::uuid[] IS NULL OR id = ANY ($1)) AND ($2::uuid IS NULL OR id = $2)
ORDER BY status
