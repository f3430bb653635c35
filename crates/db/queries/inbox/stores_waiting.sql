-- Which stores have deliveries waiting. Index inbox_pending.
SELECT DISTINCT tenant_id, store_id
FROM inbox
WHERE state = 'pending'
