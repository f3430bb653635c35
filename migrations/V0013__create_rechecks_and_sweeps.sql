-- Records to be asked of the store again, walks over everything it has, and the differences such a walk found.

ALTER TABLE checkpoint DROP CONSTRAINT checkpoint_resource_check;
ALTER TABLE checkpoint ADD CONSTRAINT checkpoint_resource_check CHECK (resource IN ('orders', 'products', 'coupons'));
-- When the walk under way began: how fast it goes tells when it will end.
ALTER TABLE checkpoint ADD COLUMN walk_began_at timestamptz;
-- The newest modification that a walk has shown: a later walk that does not show it again is doubted before it is believed.
ALTER TABLE checkpoint ADD COLUMN newest timestamptz;
-- How many seconds the store's clock was ahead of ours when `position` was taken: a clock that went back is followed back.
ALTER TABLE checkpoint ADD COLUMN clock_ahead_s bigint;

ALTER TABLE coupon ADD COLUMN trashed_at timestamptz;

-- WooCommerce's ids are numbers. A walk by id compares ranges of them, which only a leakproof operator on a number can look up under RLS.
ALTER TABLE orders ADD COLUMN remote_number bigint
    GENERATED ALWAYS AS (CASE WHEN remote_id ~ '^[0-9]{1,18}$' THEN remote_id::bigint END) STORED;
ALTER TABLE product ADD COLUMN remote_number bigint
    GENERATED ALWAYS AS (CASE WHEN remote_id ~ '^[0-9]{1,18}$' THEN remote_id::bigint END) STORED;
ALTER TABLE customer ADD COLUMN remote_number bigint
    GENERATED ALWAYS AS (CASE WHEN remote_id ~ '^[0-9]{1,18}$' THEN remote_id::bigint END) STORED;
ALTER TABLE coupon ADD COLUMN remote_number bigint
    GENERATED ALWAYS AS (CASE WHEN remote_id ~ '^[0-9]{1,18}$' THEN remote_id::bigint END) STORED;
CREATE INDEX orders_remote_number ON orders (tenant_id, store_id, remote_number) WHERE deleted_at IS NULL;
CREATE INDEX product_remote_number ON product (tenant_id, store_id, remote_number) WHERE deleted_at IS NULL;
CREATE INDEX customer_remote_number ON customer (tenant_id, store_id, remote_number) WHERE deleted_at IS NULL;
CREATE INDEX coupon_remote_number ON coupon (tenant_id, store_id, remote_number) WHERE deleted_at IS NULL;
CREATE INDEX orders_of_customer ON orders (tenant_id, store_id, customer_remote_id, created_at DESC)
    WHERE customer_remote_id IS NOT NULL;
CREATE INDEX customer_by_name ON customer (tenant_id, name, id);
CREATE INDEX customer_platform_by_name ON customer (name, id);

-- One row per record and purpose: asking twice for the same thing is asking once.
CREATE TABLE recheck (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('order', 'product', 'customer', 'coupon', 'refunds', 'variations')),
    remote_id text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    wanted_at timestamptz NOT NULL,
    -- When the newest delivery that caused it was received.
    received_at timestamptz,
    due_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    last_error text,
    -- Rises with each new wish; work that began before a wish does not settle it.
    wishes bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, store_id, kind, remote_id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
) WITH (fillfactor = 70);
CREATE INDEX recheck_due ON recheck (tenant_id, store_id, due_at);

-- Walks by id over everything a store lists. A sweep compares what a light listing tells; a reconcile compares whole records.
CREATE TABLE sweep (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('sweep', 'reconcile')),
    resource text NOT NULL CHECK (resource IN ('orders', 'products', 'variations', 'coupons', 'customers')),
    listing text NOT NULL CHECK (listing IN ('any', 'trash')),
    -- The run under way, or the last one: all walks of a purpose, one after the other.
    run_id uuid,
    -- Set by a person or the clock, emptied when the walk begins.
    wanted_at timestamptz,
    wanted_by uuid,
    started_at timestamptz,
    finished_at timestamptz,
    -- When the whole run was over, and what it had found was asked about.
    closed_at timestamptz,
    -- The highest id seen so far; of variations, the last parent's.
    position bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    expected bigint,
    drifted bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, store_id, purpose, resource, listing),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
) WITH (fillfactor = 70);

CREATE TABLE drift (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    resource text NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    -- missing: the store has it, we did not; different: the contents differed; extra: we hold it, the store no longer lists it.
    kind text NOT NULL CHECK (kind IN ('missing', 'different', 'extra')),
    -- Field to [ours, the store's].
    detail jsonb NOT NULL,
    found_at timestamptz NOT NULL,
    repaired_at timestamptz,
    -- What the repair found: 'repaired', 'gone' (tombstoned), 'same' (it had healed meanwhile).
    outcome text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);
CREATE INDEX drift_newest ON drift (tenant_id, store_id, id DESC);
CREATE INDEX drift_open ON drift (tenant_id, store_id, resource, remote_id) WHERE repaired_at IS NULL;

DO $$
DECLARE
    target text;
    of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
BEGIN
    FOREACH target IN ARRAY ARRAY['recheck', 'sweep', 'drift'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', target, of_tenant, of_tenant);
        EXECUTE format('CREATE POLICY platform_reads ON %I FOR SELECT TO sw_platform USING (true)', target);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON recheck, sweep, drift TO sw_tenant;
GRANT DELETE ON recheck TO sw_tenant;
GRANT SELECT ON recheck, sweep, drift TO sw_platform;

-- A delete is asked about rather than believed: word of it that came before the record itself is found by this.
DROP INDEX inbox_early_delete;
CREATE INDEX inbox_early_delete ON inbox (tenant_id, store_id, body_sha256) WHERE reason = 'asked';

ALTER TABLE change DROP CONSTRAINT change_source_check;
ALTER TABLE change ADD CONSTRAINT change_source_check
    CHECK (source IN ('webhook', 'pull', 'backfill', 'sweep', 'reconcile', 'push', 'engine', 'user'));
