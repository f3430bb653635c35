-- Counts an attempt before it is made, so that a delivery which ends the process is not tried for ever. Primary key, as in mark.sql.
UPDATE inbox
SET attempts = attempts + 1
WHERE tenant_id = $1
    AND id = ANY ($2)
    AND id BETWEEN $3 AND $4
    AND received_at BETWEEN $5 AND $6
