-- The tenants that have a ticket whose answer goal has passed and was not noticed. Index ticket_due.
SELECT DISTINCT tenant_id
FROM ticket
WHERE first_answer_at IS NULL
    AND answer_late_at IS NULL
    AND state <> 'closed'
    AND answer_due_at <= $1
LIMIT $2
