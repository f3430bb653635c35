-- Room for what people will decide: intents to write to a store, the audit of decisions, keys that make a retried
-- request happen once; and the leases that make one node the owner of a shard.

CREATE TABLE intent (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    shard smallint NOT NULL,
    kind text NOT NULL,
    entity_id uuid NOT NULL,
    change jsonb NOT NULL,
    precondition jsonb NOT NULL,
    cause jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'unknown', 'done', 'failed')),
    attempts smallint NOT NULL DEFAULT 0,
    reason text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed')))
);
CREATE INDEX intent_open ON intent (tenant_id, store_id, id) WHERE finished_at IS NULL;

CREATE TABLE audit (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid,
    action text NOT NULL,
    entity_id uuid,
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id, at)
) PARTITION BY RANGE (at);
CREATE TABLE audit_default PARTITION OF audit DEFAULT;

CREATE TABLE idempotency_key (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    user_id uuid NOT NULL,
    request_digest bytea NOT NULL,
    answer jsonb,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

-- The fence: a writer shares the lock of its shard's row at the epoch it believes in; a takeover raises the epoch.
CREATE TABLE shard_lease (
    shard smallint PRIMARY KEY CHECK (shard BETWEEN 0 AND 255),
    owner uuid,
    epoch bigint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO shard_lease (shard) SELECT generate_series(0, 255);
