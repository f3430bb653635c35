-- The letters whose time has come and that nobody has in hand, those first that have waited longest. Index letter_due.
SELECT
    tenant_id,
    id
FROM letter
WHERE state = 'waiting' AND due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
ORDER BY due_at
LIMIT $2
