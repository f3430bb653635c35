-- Who these sessions stand for, however many ask at once. Written in PL/pgSQL, which keeps the plan of what is in it for as long as the
-- connection lives: a function in SQL is planned anew each time, and this is asked before every page.

CREATE FUNCTION session_viewers(wanted uuid[])
    RETURNS TABLE (session_id uuid, expires_at timestamptz, user_id uuid, email text, name text, locale text, platform_role text,
        tenant_id uuid, tenant_role text, stores uuid[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY SELECT session.id, session.expires_at, u.id, u.email, u.name, u.locale, u.platform_role, m.tenant_id, m.role,
            (SELECT array_agg(s.store_id) FROM staff_store s WHERE s.user_id = u.id)
        FROM session
        JOIN app_user u ON u.id = session.user_id AND u.disabled_at IS NULL
        LEFT JOIN LATERAL (
            SELECT membership.tenant_id, membership.role FROM membership
            WHERE membership.user_id = u.id ORDER BY membership.tenant_id LIMIT 1
        ) m ON true
        WHERE session.id = ANY (wanted) AND session.revoked_at IS NULL;
    END $$;

REVOKE ALL ON FUNCTION session_viewers(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_viewers(uuid[]) TO sw_auth;
GRANT CREATE ON SCHEMA public TO sw_lookup;
ALTER FUNCTION session_viewers(uuid[]) OWNER TO sw_lookup;
REVOKE CREATE ON SCHEMA public FROM sw_lookup;
