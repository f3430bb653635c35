-- What people call a return, and those of its items that one write is to put back on the shelf. Primary keys.
SELECT
    return_case.number,
    coalesce(string_agg(return_item.name, ', ' ORDER BY return_item.position), '') AS items
FROM return_case
LEFT JOIN return_item
    ON return_item.tenant_id = return_case.tenant_id
    AND return_item.return_id = return_case.id
    AND return_item.intent_id = $3
WHERE return_case.tenant_id = $1 AND return_case.id = $2
GROUP BY return_case.number
