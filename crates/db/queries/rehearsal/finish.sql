-- The end of a rehearsal. Primary key.
UPDATE rehearsal
SET phase = $2, reason = $3, report = $4, finished_at = $5
WHERE tenant_id = $1 AND finished_at IS NULL
