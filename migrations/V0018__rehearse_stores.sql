-- Rehearsals: simulated twins of stores in a tenant of their own, which nobody meets who does not ask for it, and which can be deleted.
--
-- A rehearsal's tenant is known by its id, which lies below the line in every policy here; ids made by the clock lie far above it. So
-- nothing needs to be looked up, and a rehearsal cannot be forgotten by a query.

CREATE TABLE rehearsal (
    -- The tenant of its twins.
    tenant_id uuid PRIMARY KEY CHECK (tenant_id < '00000001-0000-0000-0000-000000000000'),
    name text NOT NULL,
    -- Which node carries it out: its next start finds what it did not finish.
    node uuid NOT NULL,
    wished_by uuid NOT NULL REFERENCES app_user,
    wish jsonb NOT NULL,
    phase text NOT NULL CHECK (phase IN ('opening', 'running', 'settling', 'done', 'failed', 'interrupted')),
    -- Why it failed, for staff.
    reason text,
    progress jsonb NOT NULL,
    report jsonb,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    -- When the twins' rows were deleted; the report stays.
    cleared_at timestamptz,
    CHECK ((finished_at IS NOT NULL) = (phase IN ('done', 'failed', 'interrupted')))
) WITH (fillfactor = 50);
ALTER TABLE rehearsal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON rehearsal TO sw_tenant
    USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY platform_reads ON rehearsal FOR SELECT TO sw_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON rehearsal TO sw_tenant;
GRANT SELECT ON rehearsal TO sw_platform;

DO $$
DECLARE
    target text;
    key text;
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    -- The audit is left alone: who rehearsed what is told with all other deeds, and stays.
    FOREACH target IN ARRAY ARRAY[
        'tenant', 'membership', 'store', 'store_secret', 'store_webhook', 'store_counter', 'checkpoint', 'staff_store', 'inbox',
        'inbox_default', 'dead_letter', 'orders', 'order_line', 'order_refund', 'product', 'customer', 'coupon', 'change',
        'change_default', 'intent', 'idempotency_key', 'recheck', 'sweep', 'drift', 'diary', 'alert', 'webhook_gap', 'store_budget'
    ] LOOP
        key := CASE WHEN target = 'tenant' THEN 'id' ELSE 'tenant_id' END;
        -- Staff see real tenants only; the engine, which works for all, says so.
        EXECUTE format('ALTER POLICY platform_reads ON %I USING (%I >= %s OR current_setting(''app.sight'', true) = ''all'')',
            target, key, line);
        -- Deleting rows of a rehearsal is all that this lets anybody delete.
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (%I < %s)', target, key, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (%I < %s)', target, key, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
