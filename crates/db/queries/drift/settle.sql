-- Closes the open differences of one record. Index drift_open.
UPDATE drift
SET repaired_at = $5,
    outcome = $6
WHERE tenant_id = $1
    AND store_id = $2
    AND resource = ANY ($3)
    AND remote_id = $4
    AND repaired_at IS NULL
