-- When a store's webhooks last gave a sign of life. Primary keys.
SELECT store.hooks_checked_at, counter.last_webhook_at
FROM store
JOIN store_counter counter ON counter.tenant_id = store.tenant_id AND counter.store_id = store.id
WHERE store.tenant_id = $1 AND store.id = $2
