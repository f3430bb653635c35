-- Keeps the lines of a file, and what each comes to.
INSERT INTO stock_import_row (tenant_id, import_id, line, sku, given, wanted, product_id, present, finding)
SELECT $1, $2, read.line, read.sku, read.given, read.wanted, read.product_id, read.present, read.finding
FROM unnest($3::integer[], $4::text[], $5::text[], $6::numeric[], $7::uuid[], $8::numeric[], $9::text[])
    AS read (line, sku, given, wanted, product_id, present, finding)
