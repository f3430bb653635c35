-- Whether something was told already. Primary key: few entries a day per store.
SELECT
FROM diary
WHERE tenant_id = $1
    AND store_id = $2
    AND kind = $3
    AND detail @> $4
    AND at >= $5
LIMIT 1
