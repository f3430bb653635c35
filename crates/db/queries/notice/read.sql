-- Notes that one person has read these lines. Primary key.
UPDATE notice
SET read_at = $4
WHERE tenant_id = $1 AND user_id = $2 AND id = ANY ($3) AND read_at IS NULL
