-- Orders with all their lines and refunds. Amounts are in the order's own currency.

CREATE TABLE orders (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    parent_remote_id text COLLATE "C",
    number text NOT NULL,
    status text NOT NULL,
    currency text NOT NULL,
    total numeric NOT NULL,
    total_tax numeric NOT NULL,
    shipping_total numeric NOT NULL,
    discount_total numeric NOT NULL,
    customer_remote_id text COLLATE "C",
    customer_name text NOT NULL,
    customer_email text NOT NULL,
    billing jsonb NOT NULL,
    shipping jsonb NOT NULL,
    payment_method text NOT NULL,
    payment_method_title text NOT NULL,
    transaction_id text NOT NULL,
    customer_note text NOT NULL,
    created_via text NOT NULL,
    item_count bigint NOT NULL,
    -- The order's age in lists: when it was sold, or when we first saw it if the store does not say.
    created_at timestamptz NOT NULL,
    remote_modified_at timestamptz,
    paid_at timestamptz,
    completed_at timestamptz,
    trashed_at timestamptz,
    deleted_at timestamptz,
    -- SHA-256 of the canonical projection: with remote_modified_at the compare-and-set that keeps a row from going back.
    content_hash bytea NOT NULL,
    -- What a reader may search, folded to lower case; patterns on it never run outside the tenant filter.
    search_text text NOT NULL,
    raw text COMPRESSION lz4 NOT NULL,
    saved_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT orders_remote_key UNIQUE (tenant_id, store_id, remote_id)
) WITH (fillfactor = 80);
CREATE INDEX orders_newest ON orders (tenant_id, created_at DESC, id DESC);
CREATE INDEX orders_store_newest ON orders (tenant_id, store_id, created_at DESC, id DESC);
-- For staff, whose lists run over every tenant (their scope has no tenant filter for an index to start with).
CREATE INDEX orders_platform_newest ON orders (created_at DESC, id DESC);

CREATE TABLE order_line (
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('line_item', 'tax', 'shipping', 'fee', 'coupon')),
    remote_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    sku text NOT NULL,
    product_remote_id text COLLATE "C",
    variation_remote_id text COLLATE "C",
    quantity numeric,
    subtotal numeric NOT NULL,
    subtotal_tax numeric NOT NULL,
    total numeric NOT NULL,
    total_tax numeric NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, order_id, position),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
);

CREATE TABLE order_refund (
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    reason text NOT NULL,
    created_at timestamptz,
    lines jsonb NOT NULL,
    PRIMARY KEY (tenant_id, order_id, remote_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
);
