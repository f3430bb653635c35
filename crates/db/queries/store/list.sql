-- Stores with their numbers. Few rows: one per connected store.
SELECT
    store.tenant_id,
    tenant.name AS tenant_name,
    store.id,
    store.name,
    store.home_url,
    store.rest_root,
    store.auth,
    store.state,
    store.state_reason,
    store.timezone,
    store.currency,
    store.decimals,
    store.woo_version,
    (SELECT min(checkpoint.position) FROM checkpoint
        WHERE checkpoint.tenant_id = store.tenant_id AND checkpoint.store_id = store.id
            AND checkpoint.listing = 'any' AND checkpoint.backfilled_at IS NOT NULL) AS as_of,
    store.last_ok_at,
    store.last_error,
    store.last_error_at,
    counter.last_webhook_at,
    (SELECT count(*) FROM inbox
        WHERE inbox.tenant_id = store.tenant_id AND inbox.store_id = store.id AND inbox.state = 'pending') AS inbox_pending,
    counter.orders,
    counter.products,
    (SELECT sum(checkpoint.done)::bigint FROM checkpoint
        WHERE checkpoint.tenant_id = store.tenant_id AND checkpoint.store_id = store.id
            AND checkpoint.backfilled_at IS NULL) AS backfill_done,
    (SELECT sum(checkpoint.expected)::bigint FROM checkpoint
        WHERE checkpoint.tenant_id = store.tenant_id AND checkpoint.store_id = store.id
            AND checkpoint.backfilled_at IS NULL) AS backfill_total,
    store.hooks_checked_at,
    store.created_at,
    store.updated_at
FROM store
JOIN tenant ON tenant.id = store.tenant_id
JOIN store_counter counter ON counter.tenant_id = store.tenant_id AND counter.store_id = store.id
