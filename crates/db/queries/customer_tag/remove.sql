-- Takes a tag off a customer. Primary key.
DELETE FROM customer_tag
WHERE tenant_id = $1 AND customer_id = $2 AND tag = $3
