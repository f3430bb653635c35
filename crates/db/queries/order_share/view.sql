-- What a buyer is shown of an order that is neither trashed nor deleted. Primary keys.
SELECT
    orders.number,
    orders.status,
    store.name AS store_name,
    orders.created_at,
    orders.paid_at,
    orders.completed_at,
    orders.raw
FROM orders
JOIN store ON store.tenant_id = orders.tenant_id AND store.id = orders.store_id
WHERE orders.tenant_id = $1
    AND orders.id = $2
    AND orders.trashed_at IS NULL
    AND orders.deleted_at IS NULL
