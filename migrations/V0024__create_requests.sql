-- What merchants wish changed in a store, and what became of it. A request keeps what its asker saw (base), what they want (edit) and what
-- the store holds now (current); the transaction that stores a change of the record moves `current`, so nobody decides on old numbers.
-- A decision is one UPDATE that demands the state and version its decider saw: of any number of deciders on any number of nodes, one.

CREATE TABLE request (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    store_id uuid NOT NULL,
    -- As an intent's: product.stock, product.price, order.note, product.create, order.place, …
    kind text NOT NULL,
    -- Our id of the record; the request's own for one that would make a record.
    entity_id uuid NOT NULL,
    -- What the record was called when it was asked for.
    about text NOT NULL,
    edit jsonb NOT NULL,
    -- Values by field name, as in an intent's precondition; JSON null for what changes nothing that is there.
    base jsonb NOT NULL,
    current jsonb NOT NULL,
    -- How the asker meant a quantity: the number itself, or that many more or fewer.
    asked_meaning text NOT NULL DEFAULT 'absolute' CHECK (asked_meaning IN ('absolute', 'relative')),
    note text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'approved', 'applied', 'failed', 'rejected', 'withdrawn', 'expired')),
    -- Moves with every transition and whenever `current` does: who decides names the one they saw.
    version bigint NOT NULL DEFAULT 1,
    -- Since when `current` is not `base`.
    stale_at timestamptz,
    asked_by uuid NOT NULL REFERENCES app_user,
    asked_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    decided_by uuid REFERENCES app_user,
    decided_name text,
    decided_at timestamptz,
    decided_meaning text CHECK (decided_meaning IN ('absolute', 'relative')),
    -- What was approved: the edit with the value that the meaning gave it.
    decided_edit jsonb,
    intent_id uuid,
    -- Why it was rejected, in the decider's words, or failed, as a code.
    reason text,
    -- What the store said it holds, when the intent had ended.
    result jsonb,
    -- The deed of the last transition: a command that is repeated finds that it was carried out.
    deed_id uuid NOT NULL,
    -- When somebody is to be reminded, or the request expires; looked for by `request_due`.
    due_at timestamptz,
    reminders smallint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    FOREIGN KEY (tenant_id, intent_id) REFERENCES intent (tenant_id, id),
    CONSTRAINT request_number_key UNIQUE (tenant_id, number),
    CONSTRAINT request_four_eyes CHECK (decided_by IS NULL OR decided_by <> asked_by),
    CONSTRAINT request_intent_is_approved CHECK ((intent_id IS NOT NULL) = (state IN ('approved', 'applied', 'failed'))),
    CONSTRAINT request_decided_by_somebody
        CHECK ((decided_by IS NOT NULL) = (state IN ('approved', 'applied', 'failed', 'rejected'))),
    CONSTRAINT request_due_while_waiting CHECK ((due_at IS NOT NULL) = (state = 'waiting'))
) WITH (fillfactor = 70);
-- One wish at a time about the same values of a record.
CREATE UNIQUE INDEX request_one_waiting ON request (tenant_id, entity_id, kind) WHERE state = 'waiting' AND base <> 'null';
-- What the store's actor asks whenever it stored products.
CREATE INDEX request_waiting ON request (tenant_id, store_id, entity_id) WHERE state = 'waiting';
CREATE INDEX request_of_entity ON request (tenant_id, entity_id, id DESC);
CREATE INDEX request_of_intent ON request (tenant_id, intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX request_newest ON request (tenant_id, id DESC);
-- For the feed and for staff, and for the look at timers: their scope has no tenant filter.
CREATE INDEX request_platform_newest ON request (id DESC);
CREATE INDEX request_due ON request (due_at) WHERE state = 'waiting';

-- Its timeline: transitions and comments. Nothing in it changes.
CREATE TABLE request_event (
    tenant_id uuid NOT NULL,
    request_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- Nobody, if the engine did it.
    user_id uuid REFERENCES app_user,
    -- The name is kept: a merchant's scope cannot look staff up.
    by_name text NOT NULL DEFAULT '',
    by_staff boolean NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'asked', 'commented', 'stale', 'approved', 'rejected', 'withdrawn', 'reminded', 'expired', 'applied', 'failed', 'reopened')),
    text text NOT NULL DEFAULT '',
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, request_id, id),
    FOREIGN KEY (tenant_id, request_id) REFERENCES request (tenant_id, id)
);

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['request', 'request_event'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON request TO sw_tenant;
GRANT SELECT, INSERT ON request_event TO sw_tenant;
GRANT SELECT ON request, request_event TO sw_platform;
