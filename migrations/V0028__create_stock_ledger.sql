-- Stock: every change of a count that we saw, with what caused it; levels at which to warn, and what is below them now; files of counts that
-- are looked at before they are written. The ledger is written in the transaction that stores the count, and never changed.

CREATE TABLE stock_move (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    product_id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- NULL where stock was not counted.
    before numeric,
    after numeric,
    -- shop: sold or changed there; drift: found by a walk; the others: a write of ours.
    reason text NOT NULL CHECK (reason IN ('shop', 'drift', 'edit', 'request', 'import', 'return')),
    -- Where we learned of it, as in the change log.
    source text NOT NULL,
    -- Of a write of ours: whose, by what name where it is known to the tenant, and the write itself.
    user_id uuid REFERENCES app_user,
    by_name text NOT NULL DEFAULT '',
    intent_id uuid,
    -- Why, in their own words.
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    -- Its product is of its store.
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id),
    CONSTRAINT stock_move_moves CHECK (before IS DISTINCT FROM after),
    CONSTRAINT stock_move_of_ours CHECK ((intent_id IS NULL) = (reason IN ('shop', 'drift'))),
    CONSTRAINT stock_move_note_of_somebody CHECK (note = '' OR intent_id IS NOT NULL)
);
CREATE INDEX stock_move_of_product ON stock_move (tenant_id, product_id, id DESC);

CREATE TABLE stock_threshold (
    tenant_id uuid NOT NULL,
    product_id uuid NOT NULL,
    store_id uuid NOT NULL,
    -- At this count or below people are warned; NULL for a level that was taken away.
    level numeric CHECK (level >= 0),
    version bigint NOT NULL DEFAULT 1,
    set_by uuid NOT NULL REFERENCES app_user,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, product_id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
) WITH (fillfactor = 70);

-- What is at or below its level, since when. One open at most per product, whoever notices.
CREATE TABLE low_stock (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    product_id uuid NOT NULL,
    -- As they were when it began.
    level numeric NOT NULL,
    quantity numeric NOT NULL,
    since timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
) WITH (fillfactor = 70);
-- Few and all of one kind: staff, whose scope has no tenant filter, read the whole of it.
CREATE UNIQUE INDEX low_stock_open ON low_stock (tenant_id, product_id) WHERE ended_at IS NULL;

CREATE TABLE stock_import (
    tenant_id uuid NOT NULL,
    -- The deed that previewed it.
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    name text NOT NULL,
    -- writing: some of its rows are on their way, and the others not yet.
    state text NOT NULL DEFAULT 'previewed' CHECK (state IN ('previewed', 'writing', 'written', 'dropped')),
    -- How its bytes were read, and the columns that nobody asked for.
    encoding text NOT NULL CHECK (encoding IN ('utf-8', 'latin-1')),
    ignored text[] NOT NULL,
    made_by uuid NOT NULL REFERENCES app_user,
    made_name text NOT NULL,
    created_at timestamptz NOT NULL,
    -- A preview is as old as what it compared with: until then it may be written.
    expires_at timestamptz NOT NULL,
    written_by uuid REFERENCES app_user,
    written_name text,
    written_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT stock_import_by_somebody CHECK ((written_by IS NOT NULL) = (state IN ('writing', 'written'))),
    CONSTRAINT stock_import_over_when_written CHECK ((written_at IS NOT NULL) = (state = 'written'))
) WITH (fillfactor = 70);
-- For staff: their scope has no tenant filter.
CREATE INDEX stock_import_platform_newest ON stock_import (id DESC);

CREATE TABLE stock_import_row (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- The line of the file.
    line integer NOT NULL,
    sku text NOT NULL,
    -- As it was written there.
    given text NOT NULL,
    wanted numeric,
    product_id uuid,
    -- What we held when it was looked at: the precondition of the write.
    present numeric,
    finding text NOT NULL
        CHECK (finding IN ('change', 'same', 'unknown', 'ambiguous', 'doubled', 'bad_number', 'not_counted', 'counted_by_parent')),
    -- The write that it became; how that ended is the intent's to tell. Or why it became none.
    intent_id uuid,
    refusal text,
    PRIMARY KEY (tenant_id, import_id, line),
    FOREIGN KEY (tenant_id, import_id) REFERENCES stock_import (tenant_id, id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id),
    FOREIGN KEY (tenant_id, intent_id) REFERENCES intent (tenant_id, id),
    CONSTRAINT stock_import_row_about_one CHECK (finding <> 'change' OR (product_id IS NOT NULL AND wanted IS NOT NULL)),
    CONSTRAINT stock_import_row_written_once
        CHECK ((intent_id IS NULL AND refusal IS NULL) OR (finding = 'change' AND (intent_id IS NULL OR refusal IS NULL)))
) WITH (fillfactor = 70);

-- The same article in a tenant's stores. The only index that this adds to products: stock is listed by product_by_name, each article
-- followed by its variations, which product_parent finds; and a file's SKUs are looked up among all products of its one store.
-- A store takes any text for a SKU, and a B-tree none beyond some 2,700 bytes: a hash has room for each.
CREATE INDEX product_sku ON product USING hash (sku) WHERE sku <> '' AND deleted_at IS NULL;

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['stock_move', 'stock_threshold', 'low_stock', 'stock_import', 'stock_import_row'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON stock_move TO sw_tenant;
GRANT SELECT, INSERT, UPDATE ON stock_threshold, low_stock, stock_import, stock_import_row TO sw_tenant;
GRANT SELECT ON stock_move, stock_threshold, low_stock, stock_import, stock_import_row TO sw_platform;
