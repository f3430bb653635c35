-- Deliveries as they were received: the raw bytes, once, before any of them is looked at.
-- Every signed delivery is a row; nothing is de-duplicated here, because two true deliveries can be byte-identical.

CREATE TABLE inbox (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    shard smallint NOT NULL,
    received_at timestamptz NOT NULL,
    topic text NOT NULL,
    webhook_id text NOT NULL,
    delivery_id text NOT NULL,
    source text NOT NULL,
    body bytea COMPRESSION lz4 NOT NULL,
    body_sha256 bytea NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'applied', 'ignored', 'dead')),
    attempts smallint NOT NULL DEFAULT 0,
    reason text,
    handled_at timestamptz,
    PRIMARY KEY (tenant_id, id, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX inbox_pending ON inbox (tenant_id, store_id, id) WHERE state = 'pending';
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;

-- What was given up on, with its bytes, kept when the inbox partition is dropped; a person may retry it.
CREATE TABLE dead_letter (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    origin text NOT NULL CHECK (origin IN ('delivery', 'page')),
    topic text NOT NULL,
    remote_id text COLLATE "C",
    reason text NOT NULL,
    body bytea COMPRESSION lz4 NOT NULL,
    received_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    retried_at timestamptz,
    PRIMARY KEY (tenant_id, store_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
);
