-- Up to where each side of a ticket has read. Who works for the merchant reads for it, everybody else for staff: a merchant's scope can look
-- its own people up and nobody of the platform's. Primary keys.
SELECT
    max(reader.read_at) FILTER (WHERE member.user_id IS NULL) AS by_staff,
    max(reader.read_at) FILTER (WHERE member.user_id IS NOT NULL) AS by_merchant
FROM ticket_reader AS reader
LEFT JOIN membership AS member ON member.tenant_id = reader.tenant_id AND member.user_id = reader.user_id
WHERE reader.tenant_id = $1 AND reader.ticket_id = $2
