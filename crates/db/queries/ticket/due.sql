-- The tickets of a tenant whose answer goal has passed, those first that have waited longest. Index ticket_due.
SELECT id
FROM ticket
WHERE tenant_id = $1
    AND first_answer_at IS NULL
    AND answer_late_at IS NULL
    AND state <> 'closed'
    AND answer_due_at <= $2
ORDER BY answer_due_at, id
LIMIT $3
