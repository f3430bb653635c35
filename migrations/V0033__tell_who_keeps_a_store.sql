-- Which of the platform's people keep a store: those who were given it, and those who were given none and so keep all. What the engine
-- finds is told to them in the store's own transaction, whose scope sees none of them: it learns their ids and nothing else.

CREATE FUNCTION store_keepers(of_store uuid, most bigint) RETURNS TABLE (user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT u.id
        FROM app_user u
        WHERE u.platform_role IS NOT NULL
            AND u.disabled_at IS NULL
            AND (
                NOT EXISTS (SELECT FROM staff_store s WHERE s.user_id = u.id)
                OR EXISTS (SELECT FROM staff_store s WHERE s.user_id = u.id AND s.store_id = of_store)
            )
        ORDER BY u.id
        LIMIT most
    $$;

REVOKE ALL ON FUNCTION store_keepers(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store_keepers(uuid, bigint) TO sw_tenant, sw_platform;
GRANT CREATE ON SCHEMA public TO sw_lookup;
ALTER FUNCTION store_keepers(uuid, bigint) OWNER TO sw_lookup;
REVOKE CREATE ON SCHEMA public FROM sw_lookup;
