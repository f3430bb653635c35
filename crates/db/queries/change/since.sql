-- Every change that a snapshot with this horizon may have missed, in order per store, and in each row the horizon of this snapshot: one
-- row without a change if it missed none. Index change_xid.
SELECT
    pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
    missed.tenant_id,
    missed.store_id,
    missed.seq,
    missed.kind,
    missed.entity_id,
    missed.source,
    missed.store_time,
    missed.received_at,
    missed.saved_at,
    missed.detail
FROM (VALUES (true)) AS always
LEFT JOIN (
    SELECT *
    FROM change
    WHERE xid >= $1::text::xid8
        AND ($2::uuid[] IS NULL OR store_id = ANY ($2))
    LIMIT $3
) AS missed ON true
ORDER BY missed.store_id, missed.seq
