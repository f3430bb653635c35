-- The oldest open dead letters of a store, of one cause if given. Index dead_letter_open.
SELECT id
FROM dead_letter
WHERE tenant_id = $1 AND store_id = $2 AND resolved_at IS NULL
    AND ($3::text IS NULL OR cause = $3)
ORDER BY created_at, id
LIMIT $4
