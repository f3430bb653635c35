-- A page of customers by name. Indexes customer_by_name, customer_platform_by_name; tags by primary key.
SELECT
    customer.tenant_id,
    customer.id,
    customer.store_id,
    store.name AS store_name,
    customer.remote_id,
    customer.name,
    customer.email,
    customer.username,
    customer.role,
    customer.billing,
    ARRAY(
        SELECT customer_tag.tag
        FROM customer_tag
        WHERE customer_tag.tenant_id = customer.tenant_id AND customer_tag.customer_id = customer.id
        ORDER BY customer_tag.tag
    ) AS tags,
    customer.created_at,
    customer.remote_modified_at,
    customer.deleted_at,
    customer.saved_at
FROM customer
JOIN store ON store.tenant_id = customer.tenant_id AND store.id = customer.store_id
