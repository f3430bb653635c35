-- What was set aside because it came from one certain place. Index dead_letter_open.
SELECT id
FROM dead_letter
WHERE tenant_id = $1
    AND store_id = $2
    AND cause = 'foreign_source'
    AND reason = $3
    AND resolved_at IS NULL
ORDER BY id
