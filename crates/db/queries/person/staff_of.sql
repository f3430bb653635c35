-- The platform's people who keep a store: those who were given it, and those who were given none and so keep all. Few rows.
SELECT
    app_user.id,
    app_user.name,
    app_user.email,
    true AS is_staff
FROM app_user
WHERE app_user.platform_role IS NOT NULL
    AND app_user.disabled_at IS NULL
    AND (
        NOT EXISTS (SELECT FROM staff_store WHERE staff_store.user_id = app_user.id)
        OR EXISTS (SELECT FROM staff_store WHERE staff_store.user_id = app_user.id AND staff_store.store_id = $1)
    )
ORDER BY app_user.id
LIMIT $2
