-- Writes differences down; one that is known and still open is not told again. Index drift_open.
INSERT INTO drift (
    tenant_id, store_id, id, run_id, resource, remote_id, kind, detail, found_at, repaired_at, outcome
)
SELECT
    $1, $2, new.id, $3, $4, new.remote_id, new.kind, new.detail, $5::timestamptz,
    CASE WHEN new.outcome IS NOT NULL THEN $5::timestamptz END, new.outcome
FROM unnest($6::uuid[], $7::text[], $8::text[], $9::jsonb[], $10::text[]) AS new (id, remote_id, kind, detail, outcome)
WHERE NOT EXISTS (
    SELECT
    FROM drift open
    WHERE open.tenant_id = $1
        AND open.store_id = $2
        AND open.resource = $4
        AND open.remote_id = new.remote_id
        AND open.repaired_at IS NULL
)
