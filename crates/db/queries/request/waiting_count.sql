-- How many requests wait in the reader's sight, up to a thousand. Index request_due, or request_waiting for one tenant.
SELECT count(*)
FROM (
    SELECT 1
    FROM request
    WHERE state = 'waiting'
        AND ($1::uuid[] IS NULL OR store_id = ANY ($1))
        AND ($2::uuid IS NULL OR asked_by = $2)
    LIMIT 1000
) AS waiting
