-- Budgets within the reader's scope, of one store or of all. One row per store; primary key.
SELECT
    store_id,
    request_interval_ms,
    reason,
    page_size,
    latency_ms,
    breaker,
    rests_until,
    slower_until,
    failures,
    requests,
    updated_at
FROM store_budget
WHERE ($1::uuid IS NULL OR tenant_id = $1) AND ($2::uuid IS NULL OR store_id = $2)
ORDER BY store_id
LIMIT 1000000
