-- The people of a tenant who still work there, of one role if given. Primary keys.
SELECT
    app_user.id,
    app_user.name,
    app_user.email,
    app_user.platform_role IS NOT NULL AS is_staff
FROM membership
JOIN app_user ON app_user.id = membership.user_id AND app_user.disabled_at IS NULL
WHERE membership.tenant_id = $1 AND ($2::text IS NULL OR membership.role = $2)
ORDER BY app_user.id
