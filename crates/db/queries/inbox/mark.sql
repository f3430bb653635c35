-- Says what became of deliveries that were received between these times. Primary key; the partitions of other days are left alone.
UPDATE inbox
SET state = new.state,
    reason = new.reason,
    handled_at = $5
FROM unnest($2::uuid[], $3::text[], $4::text[], $6::timestamptz[]) AS new (id, state, reason, received_at)
WHERE inbox.tenant_id = $1
    AND inbox.id = new.id
    AND inbox.received_at = new.received_at
    AND inbox.received_at BETWEEN $7 AND $8
