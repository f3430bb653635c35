-- Moves a return that is as its mover saw it; no row if somebody was faster. Primary key.
UPDATE return_case
SET state = $4,
    version = version + 1,
    deed_id = $5,
    updated_at = $6,
    ended_at = CASE WHEN $7 THEN $6::timestamptz END
WHERE tenant_id = $1 AND id = $2 AND version = $3
RETURNING version
