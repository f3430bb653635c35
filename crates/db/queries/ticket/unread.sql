-- Which of these tickets say something that a person has not read. Indexes ticket_pkey, ticket_platform_id.
SELECT ticket.id
FROM ticket
LEFT JOIN ticket_reader AS reader
    ON reader.tenant_id = ticket.tenant_id AND reader.ticket_id = ticket.id AND reader.user_id = $1
WHERE ticket.id = ANY ($2) AND (reader.read_at IS NULL OR reader.read_at < ticket.last_message_at)
