-- Around an order: what the platform charges for it (staff only), links by which a buyer may look at it, many changed at once with a result for
-- each. Around a customer: tags. What a store said of its order statuses, so that forms can offer them.

CREATE TABLE order_charge (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    label text NOT NULL CONSTRAINT order_charge_has_a_label CHECK (label <> ''),
    amount numeric NOT NULL CONSTRAINT order_charge_costs_something CHECK (amount > 0),
    currency text NOT NULL CONSTRAINT order_charge_currency CHECK (currency ~ '^[A-Z]{3}$'),
    made_by uuid NOT NULL REFERENCES app_user,
    by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    -- Taken back; nothing is deleted.
    ended_at timestamptz,
    ended_by uuid REFERENCES app_user,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT order_charge_ended_by_somebody CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX order_charge_of_order ON order_charge (tenant_id, order_id);

-- The token itself is told once and kept nowhere.
CREATE TABLE order_share (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    token_digest bytea NOT NULL CONSTRAINT order_share_token_key UNIQUE,
    made_by uuid NOT NULL REFERENCES app_user,
    by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by uuid REFERENCES app_user,
    looks bigint NOT NULL DEFAULT 0,
    looked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT order_share_is_short CHECK (expires_at > created_at AND expires_at <= created_at + interval '31 days'),
    CONSTRAINT order_share_revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX order_share_of_order ON order_share (tenant_id, order_id, id DESC);

-- One row per record of a bulk action. Its orders may be of several tenants: each row is its own tenant's.
CREATE TABLE bulk_row (
    tenant_id uuid NOT NULL,
    bulk_id uuid NOT NULL,
    position integer NOT NULL,
    store_id uuid NOT NULL,
    entity_id uuid NOT NULL,
    edit jsonb NOT NULL,
    -- The write that it became, or why it became none; how a write ended is the intent's to tell.
    intent_id uuid,
    refusal text,
    made_by uuid NOT NULL REFERENCES app_user,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, bulk_id, position),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    FOREIGN KEY (tenant_id, intent_id) REFERENCES intent (tenant_id, id),
    CONSTRAINT bulk_row_has_one_outcome CHECK (num_nonnulls(intent_id, refusal) = 1)
);
-- For staff: a bulk is looked up by its id alone.
CREATE INDEX bulk_row_platform ON bulk_row (bulk_id, position);

CREATE TABLE customer_tag (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    -- Folded to lower case, so that a tag is one tag.
    tag text COLLATE "C" NOT NULL CONSTRAINT customer_tag_is_a_word CHECK (tag <> '' AND length(tag) <= 40),
    added_by uuid NOT NULL REFERENCES app_user,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, tag),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX customer_tag_by_tag ON customer_tag (tenant_id, tag, customer_id);

-- As orders and products: moves with each stored version.
ALTER TABLE customer ADD COLUMN version bigint NOT NULL DEFAULT 1;
-- The statuses that the store takes for an order, as it last said.
ALTER TABLE store ADD COLUMN order_statuses text[] NOT NULL DEFAULT '{}';

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['order_charge', 'order_share', 'bulk_row', 'customer_tag'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO %I USING (%s) WITH CHECK (%s)',
            target, CASE WHEN target = 'order_charge' THEN 'sw_desk' ELSE 'sw_tenant' END, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON order_charge TO sw_desk;
GRANT SELECT, INSERT ON bulk_row TO sw_tenant;
GRANT SELECT, INSERT, DELETE ON customer_tag TO sw_tenant;
GRANT SELECT ON order_charge, bulk_row, customer_tag TO sw_platform;
-- All but the digest, which nobody reads: it is only looked for.
GRANT SELECT (tenant_id, id, order_id, made_by, by_name, created_at, expires_at, revoked_at, revoked_by, looks, looked_at)
    ON order_share TO sw_tenant, sw_platform;
GRANT INSERT, UPDATE (token_digest, expires_at, revoked_at, revoked_by) ON order_share TO sw_tenant;

-- Whose order a link shows, while it is good; counts the look.
CREATE POLICY lookup ON order_share TO sw_lookup USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (looks, looked_at) ON order_share TO sw_lookup;
CREATE FUNCTION share_find(digest bytea, at timestamptz)
    RETURNS TABLE (tenant_id uuid, order_id uuid, expires_at timestamptz)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        UPDATE order_share SET looks = order_share.looks + 1, looked_at = at
        WHERE order_share.token_digest = digest AND order_share.revoked_at IS NULL AND order_share.expires_at > at
            AND order_share.tenant_id >= '00000001-0000-0000-0000-000000000000'
        RETURNING order_share.tenant_id, order_share.order_id, order_share.expires_at
    $$;
REVOKE ALL ON FUNCTION share_find(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION share_find(bytea, timestamptz) TO sw_auth;
GRANT CREATE ON SCHEMA public TO sw_lookup;
ALTER FUNCTION share_find(bytea, timestamptz) OWNER TO sw_lookup;
REVOKE CREATE ON SCHEMA public FROM sw_lookup;
