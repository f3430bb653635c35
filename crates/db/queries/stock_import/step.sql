-- Says what becomes of a file. Whoever began to write it stays its writer. Primary key.
UPDATE stock_import
SET state = $3,
    written_by = coalesce(written_by, $4),
    written_name = coalesce(written_name, $5),
    written_at = CASE WHEN $3 = 'written' THEN $6::timestamptz END,
    version = version + 1
WHERE tenant_id = $1 AND id = $2
