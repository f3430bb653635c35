-- What each of these sessions stands for now, as one text: a socket is closed when its session is gone or stands for something else.
-- One look every few seconds for all sockets of a node.

CREATE FUNCTION session_standings(wanted uuid[], at timestamptz)
    RETURNS TABLE (session_id uuid, standing text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT session.id, concat_ws(' ', u.platform_role,
            (SELECT string_agg(m.tenant_id || ':' || m.role, ',' ORDER BY m.tenant_id) FROM membership m WHERE m.user_id = u.id),
            (SELECT string_agg(s.store_id::text, ',' ORDER BY s.store_id) FROM staff_store s WHERE s.user_id = u.id))
        FROM session
        JOIN app_user u ON u.id = session.user_id AND u.disabled_at IS NULL
        WHERE session.id = ANY (wanted) AND session.revoked_at IS NULL AND session.expires_at > at
    $$;

REVOKE ALL ON FUNCTION session_standings(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_standings(uuid[], timestamptz) TO sw_auth;
GRANT CREATE ON SCHEMA public TO sw_lookup;
ALTER FUNCTION session_standings(uuid[], timestamptz) OWNER TO sw_lookup;
REVOKE CREATE ON SCHEMA public FROM sw_lookup;
