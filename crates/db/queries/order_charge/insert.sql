-- Charges for an order, once per id.
INSERT INTO order_charge (tenant_id, id, order_id, label, amount, currency, made_by, by_name, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (tenant_id, id) DO NOTHING
