-- Gives a ticket that is as it was seen to somebody, or to nobody; no row if somebody was faster. Primary key.
UPDATE ticket
SET assignee = $4,
    assignee_name = $5,
    version = version + 1,
    deed_id = $6,
    updated_at = $7
WHERE tenant_id = $1 AND id = $2 AND version = $3
RETURNING version
