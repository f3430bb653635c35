-- A store's differences, newest first; ids rise with time. Index drift_newest.
SELECT
    id,
    run_id,
    resource,
    remote_id,
    kind,
    detail,
    found_at,
    repaired_at,
    outcome
FROM drift
WHERE tenant_id = $1
    AND store_id = $2
    AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC
LIMIT $4
