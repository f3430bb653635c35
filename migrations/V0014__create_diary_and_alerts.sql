-- What happened to a store, in words for its people; what is wrong with it now; how it is treated now.

CREATE TABLE diary (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- A key of the panel's texts; `detail` holds its numbers and names.
    kind text NOT NULL,
    detail jsonb NOT NULL,
    user_id uuid REFERENCES app_user,
    PRIMARY KEY (tenant_id, store_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);

CREATE TABLE alert (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    since timestamptz NOT NULL,
    ended_at timestamptz,
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);
CREATE UNIQUE INDEX alert_open ON alert (tenant_id, store_id, kind) WHERE ended_at IS NULL;

-- Times in which webhooks did not come, and what was read to make up for them.
CREATE TABLE webhook_gap (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    -- Since when nothing can be relied on: the last delivery or the last look that found all in order, whichever is earlier.
    since timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    -- When they were in order again.
    mended_at timestamptz,
    -- What was wrong, per cause the topics: {"disabled": ["order.updated"], …}
    found jsonb NOT NULL,
    -- When everything modified up to `mended_at` had been read.
    closed_at timestamptz,
    -- What came to light by reading: {"orders": 17, "products": 2, …}
    recovered jsonb,
    PRIMARY KEY (tenant_id, store_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);
CREATE UNIQUE INDEX webhook_gap_open ON webhook_gap (tenant_id, store_id) WHERE closed_at IS NULL;

-- How gently a store is treated at present, and why. Written by its actor, read by people.
CREATE TABLE store_budget (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    request_interval_ms integer NOT NULL,
    -- A key of the panel's texts: steady, learning, slow_answers, throttled, overloaded, …
    reason text NOT NULL,
    page_size integer NOT NULL,
    latency_ms integer,
    breaker text NOT NULL DEFAULT 'closed' CHECK (breaker IN ('closed', 'open', 'half_open')),
    -- No request goes out before this.
    rests_until timestamptz,
    -- It asked for mercy: half the pace until then.
    slower_until timestamptz,
    failures integer NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, store_id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
) WITH (fillfactor = 50);

ALTER TABLE store DROP CONSTRAINT store_auth_check;
ALTER TABLE store ADD CONSTRAINT store_auth_check CHECK (auth IN ('basic', 'query', 'oauth', 'oauth_plain'));
-- A person chose to reach this store without TLS; keys are never sent then, requests are only signed.
ALTER TABLE store ADD COLUMN plain_http boolean NOT NULL DEFAULT false;
-- How old its numbers may be before people are warned.
ALTER TABLE store ADD COLUMN freshness_goal_s integer NOT NULL DEFAULT 900 CHECK (freshness_goal_s BETWEEN 1 AND 604800);
-- Other addresses under which this very store sends webhooks; deliveries from anywhere else are set aside.
ALTER TABLE store ADD COLUMN known_sources text[] NOT NULL DEFAULT '{}';
ALTER TABLE store ADD COLUMN paused_at timestamptz;

ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_origin_check;
ALTER TABLE dead_letter ADD CONSTRAINT dead_letter_origin_check CHECK (origin IN ('delivery', 'page', 'record'));
-- A machine word that groups them: undecodable, crashed, foreign_source, unreadable.
ALTER TABLE dead_letter ADD COLUMN cause text NOT NULL DEFAULT 'undecodable';
ALTER TABLE dead_letter ADD COLUMN resolved_at timestamptz;
CREATE INDEX dead_letter_open ON dead_letter (tenant_id, store_id, cause, id) WHERE resolved_at IS NULL;

CREATE INDEX inbox_newest ON inbox (tenant_id, store_id, id DESC);

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['diary', 'alert', 'webhook_gap', 'store_budget'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform USING (true)', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON diary TO sw_tenant;
GRANT SELECT, INSERT, UPDATE ON alert, webhook_gap, store_budget TO sw_tenant;
GRANT SELECT ON diary, alert, webhook_gap, store_budget TO sw_platform;
