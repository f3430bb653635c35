-- What one person was told, newest first. Indexes notice_of_user, notice_platform_of_user.
SELECT
    notice.tenant_id,
    notice.id,
    notice.for_staff,
    notice.kind,
    notice.detail,
    notice.about_kind,
    notice.about_id,
    notice.created_at,
    notice.read_at
FROM notice
WHERE notice.user_id = $1 AND ($2::uuid IS NULL OR notice.id < $2)
ORDER BY notice.id DESC
LIMIT $3
