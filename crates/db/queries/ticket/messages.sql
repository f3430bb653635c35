-- The end of a thread, oldest first. Primary key.
SELECT *
FROM (
    SELECT
        message.id,
        message.at,
        message.user_id,
        message.by_name,
        message.by_staff,
        message.kind,
        message.text,
        message.detail
    FROM ticket_message AS message
    WHERE message.tenant_id = $1 AND message.ticket_id = $2
    ORDER BY message.at DESC, message.id DESC
    LIMIT $3
) AS newest
ORDER BY newest.at, newest.id
