-- Who bought an order: the account in its store, and what our copy knows of it. Primary key of orders, customer_remote_key.
SELECT
    orders.customer_remote_id,
    orders.customer_email,
    customer.id AS customer_id,
    customer.email,
    customer.billing ->> 'email' AS billing_email
FROM orders
LEFT JOIN customer
    ON customer.tenant_id = orders.tenant_id
    AND customer.store_id = orders.store_id
    AND customer.remote_id = orders.customer_remote_id
WHERE orders.tenant_id = $1 AND orders.id = $2
