-- How many of the newest tickets in the reader's sight that are not closed say something that a person has not read.
-- Indexes ticket_open, ticket_platform_open.
SELECT count(*) FILTER (WHERE reader.read_at IS NULL OR reader.read_at < newest.last_message_at)
FROM (
    SELECT ticket.tenant_id, ticket.id, ticket.last_message_at
    FROM ticket
    WHERE ticket.state <> 'closed'
        AND ($2::uuid[] IS NULL OR ticket.store_id = ANY ($2))
        AND ($3::uuid IS NULL OR ticket.opened_by = $3)
    ORDER BY ticket.last_message_at DESC, ticket.id DESC
    LIMIT 1000
) AS newest
LEFT JOIN ticket_reader AS reader
    ON reader.tenant_id = newest.tenant_id AND reader.ticket_id = newest.id AND reader.user_id = $1
