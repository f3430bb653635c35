-- The named look-ups: what must be known before there is a tenant. Each answers one question and nothing else.

GRANT CREATE ON SCHEMA public TO sw_lookup;

CREATE FUNCTION login_find(wanted text)
    RETURNS TABLE (user_id uuid, password_hash text, disabled boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id, password_hash, disabled_at IS NOT NULL FROM app_user WHERE email = lower(wanted COLLATE "C") $$;

CREATE FUNCTION login_rehash(wanted uuid, fresh text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE app_user SET password_hash = fresh WHERE id = wanted $$;

CREATE FUNCTION user_create(new_id uuid, new_email text, new_name text, new_hash text, new_platform_role text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ INSERT INTO app_user (id, email, name, password_hash, platform_role)
          VALUES (new_id, lower(new_email COLLATE "C"), new_name, new_hash, new_platform_role) $$;

CREATE FUNCTION session_open(new_id uuid, of_user uuid, at timestamptz, until timestamptz, agent text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ INSERT INTO session (id, user_id, opened_at, expires_at, user_agent) VALUES (new_id, of_user, at, until, agent) $$;

CREATE FUNCTION session_revoke(wanted uuid, at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE session SET revoked_at = at WHERE id = wanted AND revoked_at IS NULL $$;

-- Who a live session stands for. Roles come from rows, never from the token. A person with several memberships works
-- in the first by tenant id until a switcher says otherwise.
CREATE FUNCTION session_viewer(wanted uuid, at timestamptz)
    RETURNS TABLE (user_id uuid, email text, name text, locale text, platform_role text, tenant_id uuid, tenant_role text, stores uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT u.id, u.email, u.name, u.locale, u.platform_role, m.tenant_id, m.role,
            (SELECT array_agg(s.store_id) FROM staff_store s WHERE s.user_id = u.id)
        FROM session
        JOIN app_user u ON u.id = session.user_id AND u.disabled_at IS NULL
        LEFT JOIN LATERAL (
            SELECT membership.tenant_id, membership.role FROM membership
            WHERE membership.user_id = u.id ORDER BY membership.tenant_id LIMIT 1
        ) m ON true
        WHERE session.id = wanted AND session.revoked_at IS NULL AND session.expires_at > at
    $$;

-- Which store a webhook token belongs to, with the secrets that may have signed. Paused stores keep receiving.
CREATE FUNCTION hook_find(digest bytea)
    RETURNS TABLE (tenant_id uuid, store_id uuid, shard smallint, home_url text, sealed bytea[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT store.tenant_id, store.id, store.shard, store.home_url, array_agg(secret.sealed)
        FROM store
        JOIN store_secret secret ON secret.tenant_id = store.tenant_id AND secret.store_id = store.id
            AND secret.kind = 'webhook_secret' AND secret.retired_at IS NULL
        WHERE store.hook_token_digest = digest
        GROUP BY store.tenant_id, store.id
    $$;

-- True while `believed` is the epoch of the shard: the caller's transaction then holds off a takeover until it ends.
CREATE FUNCTION fence_holds(of_shard smallint, believed bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ BEGIN
        PERFORM FROM shard_lease WHERE shard = of_shard AND epoch = believed FOR KEY SHARE;
        RETURN FOUND;
    END $$;

-- Takes every shard that is free, expired or already this node's; raises the epoch of each. Answers what it took.
CREATE FUNCTION lease_take(node uuid, at timestamptz, until timestamptz)
    RETURNS TABLE (taken_shard smallint, new_epoch bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH free AS (
            SELECT shard FROM shard_lease WHERE owner IS NULL OR owner = node OR expires_at < at ORDER BY shard FOR UPDATE
        )
        UPDATE shard_lease SET owner = node, epoch = epoch + 1, expires_at = until
        FROM free WHERE shard_lease.shard = free.shard
        RETURNING shard_lease.shard, shard_lease.epoch
    $$;

CREATE FUNCTION lease_renew(node uuid, until timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ WITH renewed AS (UPDATE shard_lease SET expires_at = until WHERE owner = node RETURNING 1) SELECT count(*) FROM renewed $$;

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'login_find(text)', 'login_rehash(uuid, text)', 'user_create(uuid, text, text, text, text)',
        'session_open(uuid, uuid, timestamptz, timestamptz, text)', 'session_revoke(uuid, timestamptz)',
        'session_viewer(uuid, timestamptz)', 'hook_find(bytea)', 'fence_holds(smallint, bigint)',
        'lease_take(uuid, timestamptz, timestamptz)', 'lease_renew(uuid, timestamptz)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO sw_auth', signature);
        EXECUTE format('ALTER FUNCTION %s OWNER TO sw_lookup', signature);
    END LOOP;
    GRANT EXECUTE ON FUNCTION fence_holds(smallint, bigint) TO sw_tenant;
END $$;

REVOKE CREATE ON SCHEMA public FROM sw_lookup;
