-- What one person was told and has not read: of these lines, or of all up to one. Indexes notice_of_user, notice_platform_of_user.
SELECT
    notice.tenant_id,
    notice.id
FROM notice
WHERE notice.user_id = $1
    AND notice.read_at IS NULL
    AND ($2::uuid[] IS NULL OR notice.id = ANY ($2))
    AND ($3::uuid IS NULL OR notice.id <= $3)
ORDER BY notice.id DESC
LIMIT $4
