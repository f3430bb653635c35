-- A store's walks over everything. Primary key.
SELECT
    purpose,
    resource,
    listing,
    run_id,
    wanted_at,
    wanted_by,
    started_at,
    finished_at,
    closed_at,
    position,
    done,
    expected,
    drifted
FROM sweep
WHERE tenant_id = $1 AND store_id = $2
