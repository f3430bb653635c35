-- What staff note among themselves about a tenant's work is in no merchant's reach, whatever a query asks for.
--   sw_desk  everything that sw_tenant may (it is a member of it), and besides the tables and entries that only staff have
-- Merchants' reads and the engine's writes run as sw_tenant. Entries of the change log and of the audit whose name begins with `desk.`
-- tell of such work, so that scope does not see them either. The role is made by `crates/db/src/bootstrap.rs`, like the others.

GRANT USAGE ON SCHEMA public TO sw_desk;

DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['change', 'change_default'] LOOP
        EXECUTE format('CREATE POLICY of_staff ON %I AS RESTRICTIVE FOR SELECT TO sw_tenant
            USING (left(kind, 5) <> ''desk.'' OR current_user = ''sw_desk'')', target);
    END LOOP;
    FOREACH target IN ARRAY ARRAY['audit', 'audit_default'] LOOP
        EXECUTE format('CREATE POLICY of_staff ON %I AS RESTRICTIVE FOR SELECT TO sw_tenant
            USING (left(action, 5) <> ''desk.'' OR current_user = ''sw_desk'')', target);
    END LOOP;
END $$;

-- A record's deeds, for its timeline. (The list of all deeds has audit_newest.)
CREATE INDEX audit_of_entity ON audit (tenant_id, entity_id, id DESC) WHERE entity_id IS NOT NULL;

-- Numbers by which people call requests, tickets and returns; one row per tenant, updated by who takes one.
CREATE TABLE desk_counter (
    tenant_id uuid PRIMARY KEY REFERENCES tenant,
    requests bigint NOT NULL DEFAULT 0,
    tickets bigint NOT NULL DEFAULT 0,
    returns bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['desk_counter'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON desk_counter TO sw_tenant;
GRANT SELECT ON desk_counter TO sw_platform;
