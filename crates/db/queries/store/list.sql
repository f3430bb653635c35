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
    (SELECT min(checkpoint.walk_began_at) FROM checkpoint
        WHERE checkpoint.tenant_id = store.tenant_id AND checkpoint.store_id = store.id
            AND checkpoint.backfilled_at IS NULL) AS backfill_began_at,
    (SELECT count(*) FROM recheck
        WHERE recheck.tenant_id = store.tenant_id AND recheck.store_id = store.id) AS rechecks,
    (SELECT count(*) FROM intent
        WHERE intent.tenant_id = store.tenant_id AND intent.store_id = store.id AND intent.finished_at IS NULL) AS intents,
    (SELECT count(*) FROM dead_letter
        WHERE dead_letter.tenant_id = store.tenant_id AND dead_letter.store_id = store.id
            AND dead_letter.resolved_at IS NULL) AS dead_letters,
    store.freshness_goal_s,
    store.plain_http,
    store.known_sources,
    store.hooks_checked_at,
    store.created_at,
    store.updated_at
FROM store
JOIN tenant ON tenant.id = store.tenant_id
JOIN store_counter counter ON counter.tenant_id = store.tenant_id AND counter.store_id = store.id
