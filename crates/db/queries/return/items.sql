-- The items of these returns with how their way back to the shelf stands. Primary keys.
SELECT
    return_item.tenant_id,
    return_item.return_id,
    return_item.position,
    return_item.line_remote_id,
    return_item.product_id,
    return_item.name,
    return_item.sku,
    return_item.quantity,
    return_item.received,
    return_item.decision,
    return_item.intent_id,
    intent.state AS restock,
    intent.reason AS restock_reason
FROM return_item
LEFT JOIN intent ON intent.tenant_id = return_item.tenant_id AND intent.id = return_item.intent_id
WHERE return_item.tenant_id = ANY ($1) AND return_item.return_id = ANY ($2)
ORDER BY return_item.tenant_id, return_item.return_id, return_item.position
