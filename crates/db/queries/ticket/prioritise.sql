-- Says how soon a ticket that is as it was seen has to be answered; a goal that was reached or missed stays as it was. No row if somebody
-- was faster. Primary key.
UPDATE ticket
SET priority = $4,
    answer_due_at = CASE WHEN first_answer_at IS NULL AND answer_late_at IS NULL THEN $5 ELSE answer_due_at END,
    version = version + 1,
    deed_id = $6,
    updated_at = $7
WHERE tenant_id = $1 AND id = $2 AND version = $3
RETURNING version
