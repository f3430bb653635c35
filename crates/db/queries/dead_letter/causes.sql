-- What waits for a person, by store, cause and topic, the largest heap first. Index dead_letter_open.
SELECT
    heap.tenant_id,
    heap.store_id,
    store.name AS store_name,
    heap.cause,
    heap.topic,
    heap.sample_reason,
    heap.letters,
    heap.newest
FROM (
    SELECT
        tenant_id,
        store_id,
        cause,
        topic,
        (array_agg(reason ORDER BY created_at DESC, id DESC))[1] AS sample_reason,
        count(*) AS letters,
        max(created_at) AS newest
    FROM dead_letter
    WHERE resolved_at IS NULL
        AND ($1::uuid[] IS NULL OR store_id = ANY ($1))
        AND ($2::uuid IS NULL OR store_id = $2)
    GROUP BY tenant_id, store_id, cause, topic
) AS heap
JOIN store ON store.tenant_id = heap.tenant_id AND store.id = heap.store_id
ORDER BY heap.letters DESC, heap.newest DESC, heap.store_id, heap.cause, heap.topic
LIMIT 1000
