-- Products and variations (rows with a parent), customers and coupons.

CREATE TABLE product (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    parent_remote_id text COLLATE "C",
    kind text NOT NULL,
    name text NOT NULL,
    sku text NOT NULL,
    global_unique_id text NOT NULL,
    status text NOT NULL,
    price numeric,
    regular_price numeric,
    sale_price numeric,
    manage_stock text NOT NULL CHECK (manage_stock IN ('no', 'yes', 'parent')),
    stock_quantity numeric,
    stock_status text NOT NULL,
    backorders text NOT NULL,
    permalink text NOT NULL,
    image_url text NOT NULL,
    attributes jsonb NOT NULL,
    categories jsonb NOT NULL,
    variation_ids text[] COLLATE "C" NOT NULL,
    created_at timestamptz,
    remote_modified_at timestamptz,
    trashed_at timestamptz,
    deleted_at timestamptz,
    content_hash bytea NOT NULL,
    -- The order of lists: the name, folded, in byte order, so that it can be a keyset.
    sort_name text COLLATE "C" NOT NULL,
    search_text text NOT NULL,
    raw text COMPRESSION lz4 NOT NULL,
    saved_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT product_remote_key UNIQUE (tenant_id, store_id, remote_id)
) WITH (fillfactor = 80);
CREATE INDEX product_by_name ON product (tenant_id, sort_name, id) WHERE parent_remote_id IS NULL;
CREATE INDEX product_parent ON product (tenant_id, store_id, parent_remote_id) WHERE parent_remote_id IS NOT NULL;
CREATE INDEX product_platform_by_name ON product (sort_name, id) WHERE parent_remote_id IS NULL;

CREATE TABLE customer (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    username text NOT NULL,
    role text NOT NULL,
    billing jsonb NOT NULL,
    shipping jsonb NOT NULL,
    created_at timestamptz,
    remote_modified_at timestamptz,
    deleted_at timestamptz,
    content_hash bytea NOT NULL,
    raw text COMPRESSION lz4 NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT customer_remote_key UNIQUE (tenant_id, store_id, remote_id)
);

CREATE TABLE coupon (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    remote_id text COLLATE "C" NOT NULL,
    code text NOT NULL,
    discount_type text NOT NULL,
    amount numeric NOT NULL,
    status text NOT NULL,
    created_at timestamptz,
    remote_modified_at timestamptz,
    expires_at timestamptz,
    deleted_at timestamptz,
    content_hash bytea NOT NULL,
    raw text COMPRESSION lz4 NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id),
    CONSTRAINT coupon_remote_key UNIQUE (tenant_id, store_id, remote_id)
);
