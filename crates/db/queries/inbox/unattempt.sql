-- Takes back the attempt that was counted before an orderly failure. Primary key, as in mark.sql.
UPDATE inbox
SET attempts = greatest(attempts - 1, 0)
WHERE tenant_id = $1
    AND id = ANY ($2)
    AND id BETWEEN $3 AND $4
    AND received_at BETWEEN $5 AND $6
