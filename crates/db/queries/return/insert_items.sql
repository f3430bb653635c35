-- The items of a return that is being opened, numbered from 1.
INSERT INTO return_item (tenant_id, return_id, position, line_remote_id, product_id, name, sku, quantity)
SELECT $1, $2, item.position, item.line_remote_id, item.product_id, item.name, item.sku, item.quantity
FROM unnest($3::text[], $4::uuid[], $5::text[], $6::text[], $7::numeric[]) WITH ORDINALITY
    AS item (line_remote_id, product_id, name, sku, quantity, position)
