-- A store's checkpoints. Primary key.
SELECT
    resource,
    listing,
    position,
    walk_after,
    walk_before,
    done,
    expected,
    backfilled_at
FROM checkpoint
WHERE tenant_id = $1 AND store_id = $2
