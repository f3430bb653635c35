-- A page of the lines of a file, and what became of them. Primary keys.
SELECT
    stock_import_row.line,
    stock_import_row.sku,
    stock_import_row.given,
    stock_import_row.wanted,
    stock_import_row.product_id,
    product.name AS product_name,
    stock_import_row.present,
    stock_import_row.finding,
    stock_import_row.intent_id,
    intent.state AS intent_state,
    coalesce(stock_import_row.refusal, intent.reason) AS reason
FROM stock_import_row
LEFT JOIN product
    ON product.tenant_id = stock_import_row.tenant_id AND product.id = stock_import_row.product_id
LEFT JOIN intent ON intent.tenant_id = stock_import_row.tenant_id AND intent.id = stock_import_row.intent_id
WHERE stock_import_row.tenant_id = $1
    AND stock_import_row.import_id = $2
    AND ($3::text IS NULL OR stock_import_row.finding = $3)
    AND ($4::integer IS NULL OR stock_import_row.line > $4)
ORDER BY stock_import_row.line
LIMIT $5
