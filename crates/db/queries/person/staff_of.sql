-- The platform's people who keep a store. Primary key.
SELECT
    app_user.id,
    app_user.name,
    app_user.email,
    true AS is_staff
FROM store_keepers($1, $2) AS keeper (user_id)
JOIN app_user ON app_user.id = keeper.user_id
ORDER BY app_user.id
