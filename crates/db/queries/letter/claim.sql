-- Takes a letter in hand until then, if its time has come and nobody else has it; no row otherwise. What the one before left behind, if
-- that one never said how its try ended, is told with it. Primary key.
UPDATE letter
SET claimed_until = $3,
    tries = letter.tries + 1
FROM letter AS held
WHERE letter.tenant_id = $1
    AND letter.id = $2
    AND letter.state = 'waiting'
    AND letter.due_at <= $4
    AND (letter.claimed_until IS NULL OR letter.claimed_until <= $4)
    AND held.tenant_id = letter.tenant_id
    AND held.id = letter.id
RETURNING
    letter.to_address,
    letter.to_name,
    letter.subject,
    letter.body,
    letter.created_at,
    letter.tries,
    letter.claimed_until,
    held.claimed_until AS lost_at
