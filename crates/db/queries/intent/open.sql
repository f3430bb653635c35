-- The oldest open intent of each record of one store, those due first first. Index intent_open.
SELECT
    id,
    entity_id,
    remote_id,
    parent_remote_id,
    change,
    precondition,
    cause,
    state,
    attempts,
    before,
    sent_at,
    due_at
FROM (
    SELECT DISTINCT ON (entity_id)
        id,
        entity_id,
        remote_id,
        parent_remote_id,
        change,
        precondition,
        cause,
        state,
        attempts,
        before,
        sent_at,
        due_at
    FROM intent
    WHERE tenant_id = $1 AND store_id = $2 AND finished_at IS NULL
    ORDER BY entity_id, id
) AS oldest
ORDER BY due_at, id
LIMIT $3
