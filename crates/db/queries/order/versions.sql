-- What we hold of these orders of one store, to decide what is new. Index orders_remote_key. Each is the first at or
-- behind its id, in the order of that index: a plan that was made while the table was empty could take any other that begins with a store.
SELECT
    held.*,
    ARRAY(
        SELECT refund.remote_id || '=' || (refund.created_at IS NOT NULL)::text
        FROM order_refund refund
        WHERE refund.tenant_id = $1 AND refund.order_id = held.id
    ) AS refunds
FROM unnest($3::text[]) AS wanted (remote_id)
CROSS JOIN LATERAL (
    SELECT
        remote_id,
        id,
        remote_modified_at,
        content_hash,
        lines_hash,
        saved_at,
        read_at,
        status,
        total,
        trashed_at,
        deleted_at
    FROM orders
    WHERE orders.tenant_id = $1
        AND orders.store_id = $2
        AND orders.remote_id >= wanted.remote_id
    ORDER BY orders.remote_id
    LIMIT 1
) AS held
WHERE held.remote_id = wanted.remote_id
