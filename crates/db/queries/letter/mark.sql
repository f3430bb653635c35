-- Says what becomes of a letter after a try, if whoever tried still has it in hand; no row otherwise. What nobody tried is no try.
-- Primary key.
UPDATE letter
SET state = $4,
    due_at = $5,
    reason = $6,
    finished_at = $7,
    tries = tries - CASE WHEN $8 THEN 0 ELSE 1 END,
    claimed_until = NULL
WHERE tenant_id = $1 AND id = $2 AND claimed_until = $3 AND state = 'waiting'
RETURNING id
