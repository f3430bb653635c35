-- Tags a customer. One that it has stays as it was. Primary key.
INSERT INTO customer_tag (tenant_id, customer_id, tag, added_by, added_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
