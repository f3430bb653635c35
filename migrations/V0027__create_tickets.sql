-- Tickets: a merchant and staff talk about something. What staff note among themselves is a table of its own on which the merchants' scope
-- has no right at all. Files lie in a folder of ours; their rows here say what they are and to what they belong.

CREATE TABLE ticket (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    store_id uuid NOT NULL,
    subject text NOT NULL CONSTRAINT ticket_subject_says_something CHECK (subject <> ''),
    -- open: waits for staff; answered: waits for the merchant; closed.
    state text NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    priority text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    assignee uuid REFERENCES app_user,
    -- Names are kept: a merchant's scope cannot look staff up.
    assignee_name text,
    -- What it is about, shown as a live card.
    about_kind text CHECK (about_kind IN ('order', 'product', 'customer', 'store', 'request', 'return')),
    about_id uuid,
    -- What that was called when the ticket was opened.
    about_title text NOT NULL DEFAULT '',
    opened_by uuid NOT NULL REFERENCES app_user,
    opened_name text NOT NULL,
    opened_by_staff boolean NOT NULL,
    opened_at timestamptz NOT NULL,
    -- The newest message that both sides see.
    last_message_at timestamptz NOT NULL,
    last_by_staff boolean NOT NULL,
    -- When staff have to have answered first, by business hours; NULL for one that staff opened.
    answer_due_at timestamptz,
    first_answer_at timestamptz,
    -- When it was noticed that the goal was missed.
    answer_late_at timestamptz,
    closed_at timestamptz,
    -- Moves with everything that both sides see; a note leaves no trace here.
    version bigint NOT NULL DEFAULT 1,
    -- The deed of the last such step: a command that is repeated finds that it was carried out.
    deed_id uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT ticket_number_key UNIQUE (tenant_id, number),
    CONSTRAINT ticket_about_has_id CHECK ((about_kind IS NULL) = (about_id IS NULL)),
    CONSTRAINT ticket_assignee_has_name CHECK ((assignee IS NULL) = (assignee_name IS NULL)),
    CONSTRAINT ticket_closed_since CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
    CONSTRAINT ticket_goal_of_merchants CHECK (opened_by_staff = (answer_due_at IS NULL)),
    CONSTRAINT ticket_late_for_a_goal CHECK (answer_late_at IS NULL OR answer_due_at IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX ticket_newest ON ticket (tenant_id, last_message_at DESC, id DESC);
-- Every open page asks how many of those wait for its reader; closed ones grow for ever.
CREATE INDEX ticket_open ON ticket (tenant_id, last_message_at DESC, id DESC) WHERE state <> 'closed';
CREATE INDEX ticket_about ON ticket (tenant_id, about_id) WHERE about_id IS NOT NULL;
-- For staff and for the feed: their scope has no tenant filter.
CREATE INDEX ticket_platform_newest ON ticket (last_message_at DESC, id DESC);
CREATE INDEX ticket_platform_open ON ticket (last_message_at DESC, id DESC) WHERE state <> 'closed';
CREATE INDEX ticket_platform_id ON ticket (id);
-- For the look at goals, of one tenant and of all.
CREATE INDEX ticket_due ON ticket (answer_due_at)
    WHERE first_answer_at IS NULL AND answer_late_at IS NULL AND state <> 'closed';

-- What both sides see: messages, changes of state, actions taken from the thread. Nothing in it changes.
CREATE TABLE ticket_message (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES app_user,
    by_name text NOT NULL,
    by_staff boolean NOT NULL,
    kind text NOT NULL CHECK (kind IN ('message', 'state', 'action')),
    text text NOT NULL DEFAULT '',
    -- Of what moved the ticket: {"state": ["closed", "open"]}; of an action: its name and the intent or request that it became.
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);

-- What only staff see. Nothing in it changes.
CREATE TABLE ticket_note (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES app_user,
    by_name text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);

-- Up to where each person has read.
CREATE TABLE ticket_reader (
    tenant_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES app_user,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, user_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
) WITH (fillfactor = 70);

-- A stored file: its bytes lie at `{tenant_id}/{id}`. One that was uploaded and never attached is deleted after a day.
CREATE TABLE attachment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    -- Of an internal note: hidden from the merchants' scope like the note.
    for_staff boolean NOT NULL DEFAULT false,
    ticket_id uuid,
    return_id uuid,
    -- The message, note or event that carries it.
    carrier_id uuid,
    name text NOT NULL CONSTRAINT attachment_has_a_name CHECK (name <> ''),
    -- What its first bytes say it is, whatever its sender called it.
    media_type text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    uploaded_by uuid NOT NULL REFERENCES app_user,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    FOREIGN KEY (tenant_id, return_id) REFERENCES return_case (tenant_id, id),
    CONSTRAINT attachment_of_one_thing CHECK (num_nonnulls(ticket_id, return_id) <= 1),
    CONSTRAINT attachment_has_a_carrier CHECK ((carrier_id IS NULL) = (num_nonnulls(ticket_id, return_id) = 0)),
    CONSTRAINT attachment_for_staff_is_carried CHECK (carrier_id IS NOT NULL OR NOT for_staff)
);
CREATE INDEX attachment_of_ticket ON attachment (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX attachment_of_return ON attachment (tenant_id, return_id) WHERE return_id IS NOT NULL;
-- By an address that names no tenant, for staff, and for the sweep of files that have no row.
CREATE INDEX attachment_platform_id ON attachment (id);
-- Uploads that nothing carries. For the janitor, whose scope has no tenant filter.
CREATE INDEX attachment_loose ON attachment (created_at) WHERE carrier_id IS NULL;

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    line text := '''00000001-0000-0000-0000-000000000000''::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['ticket', 'ticket_message', 'ticket_note', 'ticket_reader', 'attachment'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO %I USING (%s) WITH CHECK (%s)',
            target, CASE WHEN target = 'ticket_note' THEN 'sw_desk' ELSE 'sw_tenant' END, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform
            USING (tenant_id >= %s OR current_setting(''app.sight'', true) = ''all'')', target, line);
        EXECUTE format('CREATE POLICY rehearsal_reads ON %I FOR SELECT TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('CREATE POLICY rehearsal_deletes ON %I FOR DELETE TO sw_janitor USING (tenant_id < %s)', target, line);
        EXECUTE format('GRANT SELECT, DELETE ON %I TO sw_janitor', target);
    END LOOP;
END $$;
CREATE POLICY of_staff ON attachment AS RESTRICTIVE FOR SELECT TO sw_tenant USING (NOT for_staff OR current_user = 'sw_desk');
-- Uploads that nothing carries, of any tenant.
CREATE POLICY janitor_reads ON attachment FOR SELECT TO sw_janitor USING (carrier_id IS NULL);
CREATE POLICY janitor_deletes ON attachment FOR DELETE TO sw_janitor USING (carrier_id IS NULL);

GRANT SELECT, INSERT, UPDATE ON ticket, ticket_reader TO sw_tenant;
GRANT SELECT, INSERT ON ticket_message TO sw_tenant;
GRANT SELECT, INSERT ON ticket_note TO sw_desk;
GRANT SELECT, INSERT, UPDATE (for_staff, ticket_id, return_id, carrier_id) ON attachment TO sw_tenant;
GRANT SELECT ON ticket, ticket_message, ticket_note, ticket_reader, attachment TO sw_platform;
