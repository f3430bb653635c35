-- How many lines of a file came to what. Primary keys.
SELECT
    stock_import_row.finding,
    intent.state,
    stock_import_row.refusal IS NOT NULL AS is_refused,
    count(*) AS count
FROM stock_import_row
LEFT JOIN intent ON intent.tenant_id = stock_import_row.tenant_id AND intent.id = stock_import_row.intent_id
WHERE stock_import_row.tenant_id = $1 AND stock_import_row.import_id = $2
GROUP BY 1, 2, 3
