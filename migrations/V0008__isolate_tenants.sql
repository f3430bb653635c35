-- Row-level security, forced, on every table and partition, and exactly the rights that each scope needs.
--   sw_tenant    rows of app.tenant only; every write but intake
--   sw_platform  reads across tenants
--   sw_intake    inserts deliveries, reads nothing
--   sw_auth      runs the named look-ups of the next migration, owns no table right
--   sw_janitor   retention
-- No scope, no rows: the login role itself has no right on any table.

GRANT USAGE ON SCHEMA public TO sw_tenant, sw_platform, sw_intake, sw_auth, sw_janitor, sw_lookup;

DO $$
DECLARE
    target text;
    of_tenant text;
BEGIN
    -- Tables whose rows belong to one tenant. (`tenant` itself is keyed by its id.)
    FOREACH target IN ARRAY ARRAY[
        'tenant', 'membership', 'store', 'store_secret', 'store_webhook', 'store_counter', 'checkpoint', 'staff_store',
        'inbox', 'inbox_default', 'dead_letter', 'orders', 'order_line', 'order_refund', 'product', 'customer', 'coupon',
        'change', 'change_default', 'intent', 'audit', 'audit_default', 'idempotency_key'
    ] LOOP
        of_tenant := format('%s = nullif(current_setting(''app.tenant'', true), '''')::uuid',
            CASE WHEN target = 'tenant' THEN 'id' ELSE 'tenant_id' END);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform USING (true)', target);
    END LOOP;
    FOREACH target IN ARRAY ARRAY['app_user', 'session', 'shard_lease'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON tenant, membership, store, store_secret, store_webhook, store_counter, checkpoint,
    staff_store, inbox, dead_letter, orders, order_line, order_refund, product, customer, coupon, intent, idempotency_key
    TO sw_tenant;
GRANT DELETE ON membership, staff_store, store_webhook, order_line, order_refund TO sw_tenant;
GRANT SELECT, INSERT ON change, audit TO sw_tenant;

GRANT SELECT ON tenant, membership, store, store_webhook, store_counter, checkpoint, staff_store, inbox, dead_letter,
    orders, order_line, order_refund, product, customer, coupon, change, intent, audit TO sw_platform;

-- People: a tenant sees its own members, the platform sees all; nobody reads a password hash by these scopes.
CREATE POLICY members_of_tenant ON app_user FOR SELECT TO sw_tenant USING (EXISTS (
    SELECT FROM membership WHERE membership.user_id = app_user.id
        AND membership.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid));
CREATE POLICY platform_reads ON app_user FOR SELECT TO sw_platform USING (true);
GRANT SELECT (id, email, name, platform_role, locale, created_at, disabled_at) ON app_user TO sw_tenant, sw_platform;

-- Intake: one commit may hold deliveries of many tenants.
CREATE POLICY intake_inserts ON inbox FOR INSERT TO sw_intake WITH CHECK (true);
CREATE POLICY intake_inserts ON inbox_default FOR INSERT TO sw_intake WITH CHECK (true);
GRANT INSERT ON inbox TO sw_intake;

-- Retention.
CREATE POLICY janitor_reads ON inbox FOR SELECT TO sw_janitor USING (true);
CREATE POLICY janitor_deletes ON inbox FOR DELETE TO sw_janitor USING (state <> 'pending');
CREATE POLICY janitor_reads ON session FOR SELECT TO sw_janitor USING (true);
CREATE POLICY janitor_deletes ON session FOR DELETE TO sw_janitor USING (true);
GRANT SELECT, DELETE ON inbox, session TO sw_janitor;

-- The owner of the look-ups: sees what they answer from.
CREATE POLICY lookup ON app_user TO sw_lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup ON session TO sw_lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup ON shard_lease TO sw_lookup USING (true) WITH CHECK (true);
CREATE POLICY lookup ON membership FOR SELECT TO sw_lookup USING (true);
CREATE POLICY lookup ON staff_store FOR SELECT TO sw_lookup USING (true);
CREATE POLICY lookup ON store FOR SELECT TO sw_lookup USING (true);
CREATE POLICY lookup ON store_secret FOR SELECT TO sw_lookup USING (true);
GRANT SELECT, INSERT, UPDATE ON app_user, session, shard_lease TO sw_lookup;
GRANT SELECT ON membership, staff_store, store, store_secret TO sw_lookup;
