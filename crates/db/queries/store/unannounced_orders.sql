-- Orders that pulls found since the last word of any webhook. Partitions before the moment are left out, then the primary key.
SELECT count(DISTINCT entity_id) AS orders, min(saved_at) AS first_at
FROM change
WHERE tenant_id = $1
    AND store_id = $2
    AND saved_at > $3
    AND source = 'pull'
    AND kind LIKE 'order.%'
