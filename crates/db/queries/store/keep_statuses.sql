-- Keeps what a store said of the statuses of its orders, if that is news.
UPDATE store SET order_statuses = $3
WHERE tenant_id = $1 AND id = $2 AND order_statuses <> $3
