-- How a store is treated at present. Primary key.
INSERT INTO store_budget (
    tenant_id, store_id, request_interval_ms, reason, page_size, latency_ms, breaker, rests_until, slower_until, failures,
    requests, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (tenant_id, store_id) DO UPDATE SET
    request_interval_ms = excluded.request_interval_ms,
    reason = excluded.reason,
    page_size = excluded.page_size,
    latency_ms = excluded.latency_ms,
    breaker = excluded.breaker,
    rests_until = excluded.rests_until,
    slower_until = excluded.slower_until,
    failures = excluded.failures,
    requests = excluded.requests,
    updated_at = excluded.updated_at
