-- Adds a try to a letter's log. The letter's row is locked by whoever adds one, so numbers are given once. Primary key.
INSERT INTO letter_try (tenant_id, letter_id, number, at, outcome, said)
SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5
FROM letter_try
WHERE tenant_id = $1 AND letter_id = $2
