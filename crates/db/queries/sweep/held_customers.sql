-- What we hold of the customers between two ids, the lower bound excluded. Index customer_remote_number.
SELECT
    remote_id,
    remote_number,
    remote_modified_at,
    saved_at
FROM customer
WHERE tenant_id = $1
    AND store_id = $2
    AND remote_number > $3
    AND remote_number <= $4
    AND deleted_at IS NULL
ORDER BY remote_number
LIMIT $5
