-- Moves a ticket as words that both sides see do; the first answer of staff to a merchant's ticket is noted once. Primary key.
UPDATE ticket
SET state = $3,
    closed_at = NULL,
    last_message_at = $5,
    last_by_staff = $4,
    first_answer_at = CASE WHEN $4 AND NOT opened_by_staff THEN coalesce(first_answer_at, $5) ELSE first_answer_at END,
    version = version + 1,
    deed_id = $6,
    updated_at = $5
WHERE tenant_id = $1 AND id = $2
RETURNING version
