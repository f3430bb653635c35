-- How far a rehearsal is. Not once it is over: its end is not taken back. Primary key.
UPDATE rehearsal
SET phase = $2, progress = $3
WHERE tenant_id = $1 AND finished_at IS NULL
