-- Closes or reopens a ticket that is as it was seen; no row if somebody was faster. Primary key.
UPDATE ticket
SET state = $4,
    closed_at = CASE WHEN $4 = 'closed' THEN $6::timestamptz END,
    version = version + 1,
    deed_id = $5,
    updated_at = $6
WHERE tenant_id = $1 AND id = $2 AND version = $3
RETURNING version
