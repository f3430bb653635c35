-- The writes of counts that are under way for these products. Index intent_of_entity.
SELECT
    intent.id,
    intent.entity_id,
    intent.change,
    intent.cause,
    coalesce(request.decided_name, stock_import.written_name, '') AS by_name
FROM intent
LEFT JOIN request ON request.tenant_id = intent.tenant_id AND request.intent_id = intent.id
LEFT JOIN stock_import
    ON stock_import.tenant_id = intent.tenant_id AND stock_import.id = (intent.cause ->> 'import')::uuid
WHERE intent.tenant_id = $1
    AND intent.entity_id = ANY ($2)
    AND intent.kind = 'product.stock'
    AND intent.state IN ('sending', 'unknown')
