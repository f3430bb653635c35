-- The newest notes of staff on a ticket, oldest first. Primary key.
SELECT *
FROM (
    SELECT
        note.id,
        note.at,
        note.user_id,
        note.by_name,
        note.text
    FROM ticket_note AS note
    WHERE note.tenant_id = $1 AND note.ticket_id = $2
    ORDER BY note.at DESC, note.id DESC
    LIMIT $3
) AS newest
ORDER BY newest.at, newest.id
