-- A connected store: where it is, how it is spoken to, where it stands, what has been read of it.
-- `shard` is the last byte of the id, for ever; it is on the rows of the store so that nodes can share the work later.

CREATE TABLE store (
    tenant_id uuid NOT NULL REFERENCES tenant,
    id uuid NOT NULL,
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 255),
    name text NOT NULL,
    home_url text NOT NULL,
    rest_root text NOT NULL,
    auth text NOT NULL CHECK (auth IN ('basic', 'query')),
    timezone text NOT NULL,
    currency text NOT NULL,
    decimals integer NOT NULL CHECK (decimals BETWEEN 0 AND 8),
    woo_version text,
    hook_token_digest bytea NOT NULL CONSTRAINT store_hook_token_key UNIQUE,
    state text NOT NULL DEFAULT 'new'
        CHECK (state IN ('new', 'importing', 'live', 'degraded', 'needs_attention', 'paused', 'parked')),
    state_reason text,
    last_ok_at timestamptz,
    last_error text,
    last_error_at timestamptz,
    hooks_checked_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT store_id_key UNIQUE (id),
    CONSTRAINT store_home_url_key UNIQUE (tenant_id, home_url)
);

-- Several secrets of one kind may be valid at once, while one replaces another.
CREATE TABLE store_secret (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('consumer_key', 'consumer_secret', 'webhook_secret', 'webhook_token')),
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, store_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);

-- The webhooks that we registered in the store.
CREATE TABLE store_webhook (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    topic text NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, store_id, topic),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);

-- One row per store that every writer updates: so the numbers it hands out are in commit order.
CREATE TABLE store_counter (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    orders bigint NOT NULL DEFAULT 0,
    products bigint NOT NULL DEFAULT 0,
    last_webhook_at timestamptz,
    PRIMARY KEY (tenant_id, store_id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
) WITH (fillfactor = 50);

-- Up to where a store has been read, per resource and listing. Moves in the transaction that stores the rows.
CREATE TABLE checkpoint (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    resource text NOT NULL CHECK (resource IN ('orders', 'products')),
    listing text NOT NULL CHECK (listing IN ('any', 'trash')),
    -- Everything modified up to here, by the store's clock, is stored.
    position timestamptz NOT NULL,
    -- The walk under way; null between walks.
    walk_after timestamptz,
    walk_before timestamptz,
    done bigint NOT NULL DEFAULT 0,
    expected bigint,
    -- Set when the first walk has ended.
    backfilled_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, store_id, resource, listing),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CHECK ((walk_after IS NULL) = (walk_before IS NULL))
) WITH (fillfactor = 50);

-- Which staff member keeps which stores; a staff member without a row keeps all.
CREATE TABLE staff_store (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES app_user,
    PRIMARY KEY (tenant_id, store_id, user_id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);
CREATE INDEX staff_store_user ON staff_store (user_id);
