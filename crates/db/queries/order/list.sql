-- A page of orders, newest first. Indexes orders_newest, orders_store_newest, orders_platform_newest.
SELECT
    orders.tenant_id,
    orders.id,
    orders.store_id,
    store.name AS store_name,
    orders.remote_id,
    orders.number,
    orders.status,
    orders.currency,
    orders.total,
    orders.customer_name,
    orders.customer_email,
    orders.item_count,
    orders.created_at,
    orders.remote_modified_at,
    orders.trashed_at,
    orders.deleted_at,
    orders.saved_at
FROM orders
JOIN store ON store.tenant_id = orders.tenant_id AND store.id = orders.store_id
