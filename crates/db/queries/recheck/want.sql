-- Wants records asked of the store again. A wish for one that is waiting already joins it; the earlier time and the stronger source stay.
INSERT INTO recheck (
    tenant_id, store_id, kind, remote_id, reason, source, wanted_at, received_at, due_at
)
SELECT $1, $2, new.kind, new.remote_id, new.reason, new.source, $8, new.received_at, new.due_at
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $9::timestamptz[])
    AS new (kind, remote_id, reason, source, received_at, due_at)
ORDER BY new.kind, new.remote_id
ON CONFLICT (tenant_id, store_id, kind, remote_id) DO UPDATE SET
    reason = CASE
        WHEN excluded.reason = 'storm' THEN excluded.reason
        WHEN excluded.reason = 'click' AND recheck.reason <> 'storm' THEN excluded.reason
        ELSE recheck.reason
    END,
    source = CASE WHEN recheck.source IN ('sweep', 'reconcile', 'backfill') THEN excluded.source ELSE recheck.source END,
    received_at = greatest(recheck.received_at, excluded.received_at),
    due_at = CASE
        -- A person waits for nothing.
        WHEN excluded.reason = 'click' THEN least(recheck.due_at, excluded.due_at)
        -- A retry keeps its place in the backoff; what rests in a storm is read when its rest is over, however long the storm lasts.
        WHEN recheck.attempts > 0 OR recheck.reason = 'storm' THEN recheck.due_at
        WHEN excluded.reason = 'storm' THEN greatest(recheck.due_at, excluded.due_at)
        ELSE least(recheck.due_at, excluded.due_at)
    END,
    wishes = recheck.wishes + 1
