-- Wants walks made once more; those under way are finished first.
INSERT INTO sweep (tenant_id, store_id, purpose, resource, listing, wanted_at, wanted_by)
SELECT $1, $2, $3, new.resource, new.listing, $6, $7
FROM unnest($4::text[], $5::text[]) AS new (resource, listing)
ON CONFLICT (tenant_id, store_id, purpose, resource, listing) DO UPDATE SET
    wanted_at = coalesce(sweep.wanted_at, excluded.wanted_at),
    wanted_by = coalesce(excluded.wanted_by, sweep.wanted_by)
