-- Inserts or replaces products and variations, many at once.
INSERT INTO product (
    tenant_id, store_id, id, remote_id, parent_remote_id, kind, name, sku, global_unique_id, status, price, regular_price,
    sale_price, manage_stock, stock_quantity, stock_status, backorders, permalink, image_url, attributes, categories,
    variation_ids, created_at, remote_modified_at, trashed_at, content_hash, sort_name, search_text, raw, read_at, saved_at
)
SELECT
    $1, $2, new.id, new.remote_id, new.parent_remote_id, new.kind, new.name, new.sku, new.global_unique_id, new.status,
    new.price, new.regular_price, new.sale_price, new.manage_stock, new.stock_quantity, new.stock_status, new.backorders,
    new.permalink, new.image_url, new.attributes, new.categories,
    ARRAY(SELECT jsonb_array_elements_text(new.variation_ids)), new.created_at, new.modified_at, new.trashed_at,
    new.content_hash, new.sort_name, new.search_text, new.raw, new.read_at, $3
FROM unnest(
    $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::numeric[],
    $13::numeric[], $14::numeric[], $15::text[], $16::numeric[], $17::text[], $18::text[], $19::text[], $20::text[],
    $21::jsonb[], $22::jsonb[], $23::jsonb[], $24::timestamptz[], $25::timestamptz[], $26::timestamptz[], $27::bytea[],
    $28::text[], $29::text[], $30::text[], $31::timestamptz[]
) AS new (
    id, remote_id, parent_remote_id, kind, name, sku, global_unique_id, status, price, regular_price, sale_price,
    manage_stock, stock_quantity, stock_status, backorders, permalink, image_url, attributes, categories, variation_ids,
    created_at, modified_at, trashed_at, content_hash, sort_name, search_text, raw,
    read_at
)
ON CONFLICT ON CONSTRAINT product_remote_key DO UPDATE SET
    parent_remote_id = excluded.parent_remote_id,
    kind = excluded.kind,
    name = excluded.name,
    sku = excluded.sku,
    global_unique_id = excluded.global_unique_id,
    status = excluded.status,
    price = excluded.price,
    regular_price = excluded.regular_price,
    sale_price = excluded.sale_price,
    manage_stock = excluded.manage_stock,
    stock_quantity = excluded.stock_quantity,
    stock_status = excluded.stock_status,
    backorders = excluded.backorders,
    permalink = excluded.permalink,
    image_url = excluded.image_url,
    attributes = excluded.attributes,
    categories = excluded.categories,
    variation_ids = excluded.variation_ids,
    created_at = excluded.created_at,
    remote_modified_at = excluded.remote_modified_at,
    trashed_at = excluded.trashed_at,
    deleted_at = NULL,
    content_hash = excluded.content_hash,
    sort_name = excluded.sort_name,
    search_text = excluded.search_text,
    raw = excluded.raw,
    read_at = coalesce(excluded.read_at, product.read_at),
    saved_at = excluded.saved_at
