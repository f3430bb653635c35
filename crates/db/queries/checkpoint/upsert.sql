-- Moves a checkpoint, in the transaction that stored what it stands for.
INSERT INTO checkpoint (
    tenant_id, store_id, resource, listing, position, walk_after, walk_before, done, expected, backfilled_at, updated_at,
    walk_began_at, newest, clock_ahead_s
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (tenant_id, store_id, resource, listing) DO UPDATE SET
    position = excluded.position,
    walk_after = excluded.walk_after,
    walk_before = excluded.walk_before,
    done = excluded.done,
    expected = excluded.expected,
    backfilled_at = coalesce(checkpoint.backfilled_at, excluded.backfilled_at),
    updated_at = excluded.updated_at,
    walk_began_at = excluded.walk_began_at,
    newest = excluded.newest,
    clock_ahead_s = excluded.clock_ahead_s
