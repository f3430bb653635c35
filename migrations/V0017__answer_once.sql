-- A key makes a retried request happen once: who asked for what, whether it is under way, and what was answered.
-- A person's own keys; the tenant is that of the record they write to.

ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_pkey;
ALTER TABLE idempotency_key ADD PRIMARY KEY (tenant_id, user_id, key);
-- What the request makes is given this id, so that carrying it out again after a crash makes nothing twice.
ALTER TABLE idempotency_key ADD COLUMN deed_id uuid NOT NULL;
-- Whoever carries it out has until then; afterwards another may.
ALTER TABLE idempotency_key ADD COLUMN taken_until timestamptz NOT NULL;
-- A person's keys that are over are deleted when the same person uses another, and by the janitor.
GRANT DELETE ON idempotency_key TO sw_tenant;
CREATE POLICY janitor_reads ON idempotency_key FOR SELECT TO sw_janitor USING (true);
CREATE POLICY janitor_deletes ON idempotency_key FOR DELETE TO sw_janitor USING (true);
GRANT SELECT (created_at), DELETE ON idempotency_key TO sw_janitor;

-- A dead letter outlives the inbox row it came from. What the delivery said of itself goes along, so that it can be delivered again.
ALTER TABLE dead_letter ADD COLUMN webhook_id text NOT NULL DEFAULT '';
ALTER TABLE dead_letter ADD COLUMN delivery_id text NOT NULL DEFAULT '';
ALTER TABLE dead_letter ADD COLUMN source text NOT NULL DEFAULT '';

-- Serves a tenant's and the platform's look at who did what, newest first; ids rise with time.
CREATE INDEX audit_newest ON audit (tenant_id, id DESC);

-- The janitor counts strays of the audit as it does those of the inbox and the change log.
CREATE POLICY janitor_reads ON audit_default FOR SELECT TO sw_janitor USING (true);
GRANT SELECT ON audit_default TO sw_janitor;
