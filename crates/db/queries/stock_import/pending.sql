-- The next lines of a file that are to be written and are not on their way. Primary key.
SELECT line, product_id, wanted, present
FROM stock_import_row
WHERE tenant_id = $1
    AND import_id = $2
    AND finding = 'change'
    AND intent_id IS NULL
    AND refusal IS NULL
ORDER BY line
LIMIT $3
