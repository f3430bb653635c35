-- Says by which write lines of a file go, or why they do not. Primary key.
UPDATE stock_import_row
SET intent_id = ended.intent_id,
    refusal = ended.refusal
FROM unnest($3::integer[], $4::uuid[], $5::text[]) AS ended (line, intent_id, refusal)
WHERE stock_import_row.tenant_id = $1
    AND stock_import_row.import_id = $2
    AND stock_import_row.line = ended.line
    AND stock_import_row.intent_id IS NULL
