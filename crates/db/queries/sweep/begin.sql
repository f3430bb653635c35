-- Begins a run: all its walks stand at the start. When the run before was over stays known.
INSERT INTO sweep (tenant_id, store_id, purpose, resource, listing, run_id, started_at)
SELECT $1, $2, $3, new.resource, new.listing, $6, $7
FROM unnest($4::text[], $5::text[]) AS new (resource, listing)
ON CONFLICT (tenant_id, store_id, purpose, resource, listing) DO UPDATE SET
    run_id = excluded.run_id,
    wanted_at = NULL,
    wanted_by = NULL,
    started_at = excluded.started_at,
    finished_at = NULL,
    position = 0,
    done = 0,
    expected = NULL,
    drifted = 0
