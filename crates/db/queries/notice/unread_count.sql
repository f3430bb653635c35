-- How much of what one person was told they have not read, of the last hundred. Indexes notice_of_user, notice_platform_of_user.
SELECT count(*) FILTER (WHERE read_at IS NULL)
FROM (SELECT read_at FROM notice WHERE user_id = $1 ORDER BY id DESC LIMIT 100) AS latest
