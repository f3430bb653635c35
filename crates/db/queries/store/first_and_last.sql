-- The stores that were connected first and last. Unique index on id.
(SELECT tenant_id, id FROM store ORDER BY id LIMIT 1)
UNION
(SELECT tenant_id, id FROM store ORDER BY id DESC LIMIT 1)
