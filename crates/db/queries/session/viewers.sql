-- Who these sessions stand for. Primary key of session.
SELECT session_id, expires_at, user_id, email, name, locale, platform_role, tenant_id, tenant_role, stores
FROM session_viewers($1)
