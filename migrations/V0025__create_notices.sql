-- The notification outbox: what people are told in the panel and by e-mail. A row is written in the transaction of its cause and never
-- twice for the same one; a letter is sent by whoever claims it, and each try to send it is kept.

CREATE TABLE notice (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES app_user,
    -- To one of the platform's people: hidden from the merchants' scope.
    for_staff boolean NOT NULL,
    -- A key of the panel's texts; `detail` holds its numbers and names.
    kind text NOT NULL,
    detail jsonb NOT NULL,
    about_kind text NOT NULL CHECK (about_kind IN ('request', 'ticket', 'return', 'product', 'order')),
    about_id uuid NOT NULL,
    -- What caused it: one cause tells one person once.
    once text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT notice_once_key UNIQUE (tenant_id, user_id, once)
) WITH (fillfactor = 70);
CREATE INDEX notice_of_user ON notice (tenant_id, user_id, id DESC);
-- A person of the platform is told of many tenants: by their own id alone.
CREATE INDEX notice_platform_of_user ON notice (user_id, id DESC);

CREATE TABLE letter (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid,
    to_address text NOT NULL CHECK (to_address <> ''),
    to_name text NOT NULL DEFAULT '',
    subject text NOT NULL,
    body text NOT NULL,
    about_kind text NOT NULL CHECK (about_kind IN ('request', 'ticket', 'return')),
    about_id uuid NOT NULL,
    once text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    tries smallint NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    -- Whoever sends it has until then; afterwards another may.
    claimed_until timestamptz,
    -- Why it failed, or waits: a code.
    reason text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT letter_once_key UNIQUE (tenant_id, once),
    CHECK ((finished_at IS NOT NULL) = (state <> 'waiting'))
) WITH (fillfactor = 70);
CREATE INDEX letter_of_subject ON letter (tenant_id, about_id, id DESC);
-- For the notifier: its scope has no tenant filter.
CREATE INDEX letter_due ON letter (due_at) WHERE state = 'waiting';

-- The delivery log. Nothing in it changes.
CREATE TABLE letter_try (
    tenant_id uuid NOT NULL,
    letter_id uuid NOT NULL,
    number smallint NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('sent', 'later', 'refused', 'unknown')),
    -- The server's code and words; ours where it had none.
    said text NOT NULL,
    PRIMARY KEY (tenant_id, letter_id, number),
    FOREIGN KEY (tenant_id, letter_id) REFERENCES letter (tenant_id, id)
);

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['notice', 'letter', 'letter_try'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
CREATE POLICY of_staff ON notice AS RESTRICTIVE FOR SELECT TO sw_tenant USING (NOT for_staff OR current_user = 'sw_desk');
GRANT SELECT, INSERT ON notice, letter_try TO sw_tenant;
GRANT UPDATE (read_at) ON notice TO sw_tenant;
GRANT SELECT, INSERT, UPDATE ON letter TO sw_tenant;
GRANT SELECT ON notice, letter, letter_try TO sw_platform;
