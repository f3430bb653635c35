-- An intent names its record in the store, keeps what it saw there, and tells its fingerprint, so that its echo is known by content.

ALTER TABLE intent ADD COLUMN remote_id text COLLATE "C" NOT NULL;
-- A variation is written under its parent.
ALTER TABLE intent ADD COLUMN parent_remote_id text COLLATE "C";
ALTER TABLE intent ADD COLUMN user_id uuid REFERENCES app_user;
ALTER TABLE intent ADD COLUMN due_at timestamptz NOT NULL;
ALTER TABLE intent ADD COLUMN updated_at timestamptz NOT NULL;
-- When it was last sent; NULL while it never was.
ALTER TABLE intent ADD COLUMN sent_at timestamptz;
-- What the store held right before sending, to tell an unknown outcome.
ALTER TABLE intent ADD COLUMN before jsonb;
-- What the store said afterwards.
ALTER TABLE intent ADD COLUMN result jsonb;
-- Content hash of the record as read back: the echo of this write.
ALTER TABLE intent ADD COLUMN echo_hash bytea;
CREATE INDEX intent_of_entity ON intent (tenant_id, entity_id, id DESC);
CREATE INDEX intent_newest ON intent (tenant_id, store_id, id DESC);
CREATE INDEX intent_echo ON intent (tenant_id, store_id, echo_hash) WHERE echo_hash IS NOT NULL;
-- For the feed and for staff: their scope has no tenant filter.
CREATE INDEX intent_platform_newest ON intent (id DESC);
