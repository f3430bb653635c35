-- The people of the merchant's side who opened a ticket or wrote in it. Primary keys.
SELECT opened_by AS user_id
FROM ticket
WHERE tenant_id = $1 AND id = $2 AND NOT opened_by_staff
UNION
SELECT user_id
FROM ticket_message
WHERE tenant_id = $1 AND ticket_id = $2 AND NOT by_staff
