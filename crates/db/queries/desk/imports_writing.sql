-- Files of counts that are being written, by whomever, oldest first. Index stock_import_writing.
SELECT tenant_id, id
FROM stock_import
WHERE state = 'writing'
ORDER BY id
LIMIT $1
