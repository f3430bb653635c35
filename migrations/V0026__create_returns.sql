-- Returns: goods that a buyer sends back, from the first word to the decision what becomes of each of them.

CREATE TABLE return_case (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    store_id uuid NOT NULL,
    order_id uuid NOT NULL,
    order_number text NOT NULL,
    state text NOT NULL DEFAULT 'asked'
        CHECK (state IN ('asked', 'accepted', 'declined', 'received', 'decided', 'closed', 'cancelled')),
    reason text NOT NULL CHECK (reason IN ('damaged', 'wrong_item', 'not_as_described', 'unwanted', 'late', 'other')),
    note text NOT NULL DEFAULT '',
    opened_by uuid NOT NULL REFERENCES app_user,
    opened_name text NOT NULL,
    opened_at timestamptz NOT NULL,
    -- Where the buyer is written to; as the order had it.
    buyer_name text NOT NULL,
    buyer_email text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    deed_id uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT return_case_number_key UNIQUE (tenant_id, number),
    CHECK ((ended_at IS NOT NULL) = (state IN ('declined', 'closed', 'cancelled')))
) WITH (fillfactor = 70);
CREATE INDEX return_case_newest ON return_case (tenant_id, id DESC);
CREATE INDEX return_case_of_order ON return_case (tenant_id, order_id);
-- For the feed and for staff: their scope has no tenant filter.
CREATE INDEX return_case_platform_newest ON return_case (id DESC);

CREATE TABLE return_item (
    tenant_id uuid NOT NULL,
    return_id uuid NOT NULL,
    position integer NOT NULL,
    -- The order's line, by the store's id.
    line_remote_id text COLLATE "C" NOT NULL,
    -- Our product, if we hold it.
    product_id uuid,
    name text NOT NULL,
    sku text NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0),
    received numeric CHECK (received >= 0),
    decision text CHECK (decision IN ('restock', 'scrap', 'send_back')),
    -- The write of stock that a restock became; how it ended is the intent's to tell.
    intent_id uuid,
    PRIMARY KEY (tenant_id, return_id, position),
    FOREIGN KEY (tenant_id, return_id) REFERENCES return_case (tenant_id, id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id),
    FOREIGN KEY (tenant_id, intent_id) REFERENCES intent (tenant_id, id),
    CHECK (intent_id IS NULL OR decision = 'restock')
) WITH (fillfactor = 70);

-- Its timeline: states, photos, messages to the buyer. Nothing in it changes.
CREATE TABLE return_event (
    tenant_id uuid NOT NULL,
    return_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid REFERENCES app_user,
    by_name text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('opened', 'state', 'received', 'decided', 'restock', 'photo', 'comment', 'message')),
    text text NOT NULL DEFAULT '',
    detail jsonb NOT NULL,
    -- The letter that a message became.
    letter_id uuid,
    PRIMARY KEY (tenant_id, return_id, id),
    FOREIGN KEY (tenant_id, return_id) REFERENCES return_case (tenant_id, id),
    FOREIGN KEY (tenant_id, letter_id) REFERENCES letter (tenant_id, id)
);

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['return_case', 'return_item', 'return_event'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON return_case, return_item TO sw_tenant;
GRANT SELECT, INSERT ON return_event TO sw_tenant;
GRANT SELECT ON return_case, return_item, return_event TO sw_platform;
