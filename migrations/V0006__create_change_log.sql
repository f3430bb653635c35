-- The change log that every screen follows. `seq` is in commit order within a store; `xid` lets a reader resume from a
-- snapshot without a gap. Times: when the store says it happened, when we received word, when it was saved.

CREATE TABLE change (
    tenant_id uuid NOT NULL,
    store_id uuid NOT NULL,
    seq bigint NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind text NOT NULL,
    entity_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('webhook', 'pull', 'backfill', 'engine', 'user')),
    store_time timestamptz,
    received_at timestamptz,
    saved_at timestamptz NOT NULL,
    -- What differs: {"status": ["processing", "completed"]}.
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, store_id, seq, saved_at)
) PARTITION BY RANGE (saved_at);
CREATE INDEX change_of_entity ON change (tenant_id, entity_id, seq);
-- For the feed and for staff who resume: their scope has no tenant filter.
CREATE INDEX change_xid ON change (xid);
CREATE TABLE change_default PARTITION OF change DEFAULT;
