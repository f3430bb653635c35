-- Says what became of deliveries with ids and times within these bounds. Primary key; the bounds keep any plan away from other rows and days.
UPDATE inbox
SET state = new.state,
    reason = new.reason,
    handled_at = $5
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS new (id, state, reason)
WHERE inbox.tenant_id = $1
    AND inbox.id = new.id
    AND inbox.id BETWEEN $6 AND $7
    AND inbox.received_at BETWEEN $8 AND $9
