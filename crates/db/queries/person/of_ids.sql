-- People by id, those who left included. Primary key.
SELECT
    id,
    name,
    email,
    platform_role IS NOT NULL AS is_staff
FROM app_user
WHERE id = ANY ($1)
