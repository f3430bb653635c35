-- The tries to send these letters, each letter's in their order. Primary key.
SELECT
    letter_id,
    number,
    at,
    outcome,
    said
FROM letter_try
WHERE tenant_id = $1 AND letter_id = ANY ($2)
ORDER BY letter_id, number
