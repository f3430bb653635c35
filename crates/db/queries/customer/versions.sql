-- What we hold of these customers of one store, to decide what is new. Index customer_remote_key.
SELECT
    remote_id,
    id,
    remote_modified_at,
    content_hash,
    saved_at,
    deleted_at
FROM customer
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_id = ANY ($3)
