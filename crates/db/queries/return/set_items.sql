-- Says of a return's items how many came and what becomes of them. Primary key.
UPDATE return_item AS item
SET received = news.received,
    decision = news.decision,
    intent_id = news.intent_id
FROM unnest($3::integer[], $4::numeric[], $5::text[], $6::uuid[]) AS news (position, received, decision, intent_id)
WHERE item.tenant_id = $1 AND item.return_id = $2 AND item.position = news.position
