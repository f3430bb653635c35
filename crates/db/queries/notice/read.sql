-- Notes that one person has read what they were told, all of it if none is named. Index notice_of_user.
UPDATE notice
SET read_at = $4
WHERE tenant_id = $1 AND user_id = $2 AND read_at IS NULL AND ($3::uuid[] IS NULL OR id = ANY ($3))
