-- A secret that was replaced still signs what the store had queued: for a day both are good.

CREATE OR REPLACE FUNCTION hook_find(digest bytea)
    RETURNS TABLE (tenant_id uuid, store_id uuid, shard smallint, home_url text, sealed bytea[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT store.tenant_id, store.id, store.shard, store.home_url, array_agg(secret.sealed)
        FROM store
        JOIN store_secret secret ON secret.tenant_id = store.tenant_id AND secret.store_id = store.id
            AND secret.kind = 'webhook_secret'
            AND (secret.retired_at IS NULL OR secret.retired_at > now() - interval '24 hours')
        WHERE store.hook_token_digest = digest
        GROUP BY store.tenant_id, store.id
    $$;

-- Every store's token at once, so that intake knows all of them by heart and a flood of made-up tokens costs no look-up of a true one.
CREATE FUNCTION hook_list()
    RETURNS TABLE (digest bytea, tenant_id uuid, store_id uuid, home_url text, sealed bytea[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT store.hook_token_digest, store.tenant_id, store.id, store.home_url, array_agg(secret.sealed)
        FROM store
        JOIN store_secret secret ON secret.tenant_id = store.tenant_id AND secret.store_id = store.id
            AND secret.kind = 'webhook_secret'
            AND (secret.retired_at IS NULL OR secret.retired_at > now() - interval '24 hours')
        GROUP BY store.tenant_id, store.id
    $$;

REVOKE ALL ON FUNCTION hook_list() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hook_list() TO sw_auth;
GRANT CREATE ON SCHEMA public TO sw_lookup;
ALTER FUNCTION hook_list() OWNER TO sw_lookup;
REVOKE CREATE ON SCHEMA public FROM sw_lookup;

-- Which secret a webhook signs with; NULL for those made before this was kept, which are made anew.
ALTER TABLE store_webhook ADD COLUMN secret_id uuid;

-- Webhooks whose owner lost the right to see what they deliver.
CREATE INDEX inbox_webhook_owner ON inbox (tenant_id, store_id, webhook_id) WHERE reason = 'webhook_owner';
