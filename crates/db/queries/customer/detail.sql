-- What a customer's own page shows beside its summary. Primary key.
SELECT
    shipping,
    raw
FROM customer
WHERE tenant_id = $1 AND id = $2
