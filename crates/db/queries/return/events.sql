-- The timeline of a return, oldest first. Primary key.
SELECT
    id,
    at,
    user_id,
    by_name,
    kind,
    text,
    detail,
    letter_id
FROM return_event
WHERE tenant_id = $1 AND return_id = $2
ORDER BY at, id
