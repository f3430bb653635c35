-- Notes that an answer goal was missed; no row if it was not, or is noted. Its version stays: nobody saw it otherwise. Primary key.
UPDATE ticket
SET answer_late_at = $3, updated_at = $3
WHERE tenant_id = $1
    AND id = $2
    AND first_answer_at IS NULL
    AND answer_late_at IS NULL
    AND state <> 'closed'
    AND answer_due_at <= $3
RETURNING id
