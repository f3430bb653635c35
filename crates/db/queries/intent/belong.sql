-- Intents that made a record are about it from now on. Primary key, product_remote_key, orders_remote_key.
UPDATE intent
SET entity_id = coalesce(
    CASE intent.kind
        WHEN 'product.create' THEN (
            SELECT product.id
            FROM product
            WHERE product.tenant_id = intent.tenant_id
                AND product.store_id = intent.store_id
                AND product.remote_id = intent.remote_id
        )
        WHEN 'order.place' THEN (
            SELECT orders.id
            FROM orders
            WHERE orders.tenant_id = intent.tenant_id
                AND orders.store_id = intent.store_id
                AND orders.remote_id = intent.remote_id
        )
    END,
    intent.entity_id
)
WHERE intent.tenant_id = $1 AND intent.id = ANY ($2)
