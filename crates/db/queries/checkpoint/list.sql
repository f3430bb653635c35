-- A store's checkpoints. Primary key.
SELECT
    resource,
    listing,
    position,
    walk_after,
    walk_before,
    done,
    expected,
    walk_began_at,
    backfilled_at,
    newest,
    clock_ahead_s
FROM checkpoint
WHERE tenant_id = $1 AND store_id = $2
