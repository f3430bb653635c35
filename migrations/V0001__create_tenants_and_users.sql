-- Who there is: tenants, people, their roles and their logins.
-- Users belong to no tenant; a membership says where they work. The password hash is readable by the look-up owner only.

CREATE TABLE tenant (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app_user (
    id uuid PRIMARY KEY,
    email text COLLATE "C" NOT NULL CONSTRAINT app_user_email_is_folded CHECK (email <> '' AND email = lower(email COLLATE "C")),
    name text NOT NULL,
    password_hash text NOT NULL,
    platform_role text CHECK (platform_role IN ('platform_admin', 'platform_staff')),
    locale text,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT app_user_email_key UNIQUE (email)
);

CREATE TABLE membership (
    tenant_id uuid NOT NULL REFERENCES tenant,
    user_id uuid NOT NULL REFERENCES app_user,
    role text NOT NULL CHECK (role IN ('merchant_admin', 'merchant_user')),
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id);

CREATE TABLE session (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES app_user,
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text NOT NULL DEFAULT ''
);
CREATE INDEX session_user_opened ON session (user_id, opened_at);
