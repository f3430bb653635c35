-- Takes back the attempt that was counted before an orderly failure. Primary key.
UPDATE inbox
SET attempts = greatest(attempts - 1, 0)
FROM unnest($2::uuid[], $3::timestamptz[]) AS tried (id, received_at)
WHERE inbox.tenant_id = $1 AND inbox.id = tried.id AND inbox.received_at = tried.received_at
