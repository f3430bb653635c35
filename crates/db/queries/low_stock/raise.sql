-- Says since when products are low, each once, and answers those of which it was not said yet.
INSERT INTO low_stock (tenant_id, store_id, id, product_id, level, quantity, since)
SELECT $1, $2, low.id, low.product_id, low.level, low.quantity, $3
FROM unnest($4::uuid[], $5::uuid[], $6::numeric[], $7::numeric[]) AS low (id, product_id, level, quantity)
ON CONFLICT (tenant_id, product_id) WHERE ended_at IS NULL DO NOTHING
RETURNING product_id
