-- The tags that customers in sight have, those of most first. Index customer_tag_by_tag for a merchant; staff read all of them.
SELECT
    customer_tag.tag,
    count(*) AS customers
FROM customer_tag
JOIN customer ON customer.tenant_id = customer_tag.tenant_id AND customer.id = customer_tag.customer_id
WHERE customer.deleted_at IS NULL AND ($1::uuid[] IS NULL OR customer.store_id = ANY ($1))
GROUP BY customer_tag.tag
ORDER BY count(*) DESC, customer_tag.tag
LIMIT $2
