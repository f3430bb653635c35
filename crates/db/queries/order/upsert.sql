-- Inserts or replaces orders, many at once. The only writer of a store is its actor, so no row is contended.
INSERT INTO orders (
    tenant_id, store_id, id, remote_id, parent_remote_id, number, status, currency, total, total_tax, shipping_total,
    discount_total, customer_remote_id, customer_name, customer_email, billing, shipping, payment_method,
    payment_method_title, transaction_id, customer_note, created_via, item_count, created_at, remote_modified_at, paid_at,
    completed_at, trashed_at, content_hash, lines_hash, search_text, raw, read_at, saved_at
)
SELECT $1, $2, new.*, $3
FROM unnest(
    $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::numeric[], $11::numeric[],
    $12::numeric[], $13::numeric[], $14::text[], $15::text[], $16::text[], $17::jsonb[], $18::jsonb[], $19::text[],
    $20::text[], $21::text[], $22::text[], $23::text[], $24::bigint[], $25::timestamptz[], $26::timestamptz[],
    $27::timestamptz[], $28::timestamptz[], $29::timestamptz[], $30::bytea[], $31::bytea[], $32::text[], $33::text[],
    $34::timestamptz[]
) AS new
ON CONFLICT ON CONSTRAINT orders_remote_key DO UPDATE SET
    parent_remote_id = excluded.parent_remote_id,
    number = excluded.number,
    status = excluded.status,
    currency = excluded.currency,
    total = excluded.total,
    total_tax = excluded.total_tax,
    shipping_total = excluded.shipping_total,
    discount_total = excluded.discount_total,
    customer_remote_id = excluded.customer_remote_id,
    customer_name = excluded.customer_name,
    customer_email = excluded.customer_email,
    billing = excluded.billing,
    shipping = excluded.shipping,
    payment_method = excluded.payment_method,
    payment_method_title = excluded.payment_method_title,
    transaction_id = excluded.transaction_id,
    customer_note = excluded.customer_note,
    created_via = excluded.created_via,
    item_count = excluded.item_count,
    created_at = excluded.created_at,
    remote_modified_at = excluded.remote_modified_at,
    paid_at = excluded.paid_at,
    completed_at = excluded.completed_at,
    trashed_at = excluded.trashed_at,
    deleted_at = NULL,
    content_hash = excluded.content_hash,
    lines_hash = excluded.lines_hash,
    search_text = excluded.search_text,
    raw = excluded.raw,
    read_at = coalesce(excluded.read_at, orders.read_at),
    saved_at = excluded.saved_at
