-- What became of the differences that a run found. Index drift_newest.
SELECT
    count(*) AS found,
    count(*) FILTER (WHERE outcome = 'repaired') AS repaired,
    count(*) FILTER (WHERE outcome = 'gone') AS gone,
    count(*) FILTER (WHERE repaired_at IS NULL) AS open
FROM drift
WHERE tenant_id = $1 AND store_id = $2 AND run_id = $3
