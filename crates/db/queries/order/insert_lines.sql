-- Inserts lines of many orders.
INSERT INTO order_line (
    tenant_id, order_id, position, kind, remote_id, name, sku, product_remote_id, variation_remote_id, quantity, subtotal,
    subtotal_tax, total, total_tax, detail
)
SELECT $1, new.*
FROM unnest(
    $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::numeric[],
    $11::numeric[], $12::numeric[], $13::numeric[], $14::numeric[], $15::jsonb[]
) AS new
