-- Counts an attempt before it is made, so that a delivery which ends the process is not tried for ever. Primary key.
UPDATE inbox
SET attempts = attempts + 1
FROM unnest($2::uuid[], $3::timestamptz[]) AS tried (id, received_at)
WHERE inbox.tenant_id = $1 AND inbox.id = tried.id AND inbox.received_at = tried.received_at
