-- Files of counts with how many lines they have. Primary keys, index stock_import_platform_newest.
SELECT
    stock_import.tenant_id,
    stock_import.store_id,
    store.name AS store_name,
    stock_import.id,
    stock_import.name,
    stock_import.state,
    stock_import.encoding,
    stock_import.ignored,
    stock_import.made_by,
    stock_import.made_name,
    stock_import.created_at,
    stock_import.expires_at,
    stock_import.written_by,
    stock_import.written_name,
    stock_import.written_at,
    stock_import.version,
    counted.num_lines,
    counted.num_changes,
    counted.num_left
FROM stock_import
JOIN store ON store.tenant_id = stock_import.tenant_id AND store.id = stock_import.store_id
CROSS JOIN LATERAL (
    SELECT
        count(*) AS num_lines,
        count(*) FILTER (WHERE finding = 'change') AS num_changes,
        count(*) FILTER (WHERE finding = 'change' AND intent_id IS NULL AND refusal IS NULL) AS num_left
    FROM stock_import_row
    WHERE stock_import_row.tenant_id = stock_import.tenant_id AND stock_import_row.import_id = stock_import.id
) AS counted
