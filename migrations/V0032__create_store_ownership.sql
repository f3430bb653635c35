-- Who owns a field of a store: one row for each store of which people said that the shop alone changes something. No row, and no name in it,
-- means that whoever writes last does. It is read where an edit is judged; only the desk, which carries out what staff command, may write it.

CREATE TABLE store_ownership (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    shop_fields text[] NOT NULL CONSTRAINT store_ownership_of_fields CHECK (shop_fields <@ ARRAY[
        'product.price', 'product.stock', 'product.status', 'product.categories', 'product.text',
        'order.status', 'order.note', 'order.tracking', 'customer.fields']),
    -- Moves with every setting.
    version bigint NOT NULL DEFAULT 1,
    set_by uuid NOT NULL REFERENCES app_user,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, store_id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
) WITH (fillfactor = 70);

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['store_ownership'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
GRANT SELECT ON store_ownership TO sw_tenant, sw_platform;
GRANT INSERT, UPDATE ON store_ownership TO sw_desk;
