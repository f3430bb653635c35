-- Every change that a snapshot with this horizon may have missed, in order per store. Index change_xid.
SELECT
    tenant_id,
    store_id,
    seq,
    kind,
    entity_id,
    source,
    store_time,
    received_at,
    saved_at,
    detail
FROM change
WHERE xid >= $1::text::xid8
    AND ($2::uuid[] IS NULL OR store_id = ANY ($2))
ORDER BY store_id, seq
LIMIT $3
