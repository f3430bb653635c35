-- A store's diary, newest first; ids rise with time. Primary key.
SELECT
    diary.id,
    diary.at,
    diary.kind,
    diary.detail,
    app_user.name AS user_name
FROM diary
LEFT JOIN app_user ON app_user.id = diary.user_id
WHERE diary.tenant_id = $1
    AND diary.store_id = $2
    AND ($3::uuid IS NULL OR diary.id < $3)
ORDER BY diary.id DESC
LIMIT $4
