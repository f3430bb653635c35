-- Locks those of these dead letters that are still open, so that two people who retry them do it once. Primary key.
SELECT
    id,
    origin,
    topic,
    remote_id
FROM dead_letter
WHERE tenant_id = $1 AND store_id = $2 AND id = ANY ($3) AND resolved_at IS NULL
ORDER BY id
FOR UPDATE
