-- Holds a file still until this transaction ends. Primary key.
SELECT 1
FROM stock_import
WHERE tenant_id = $1 AND id = $2
FOR UPDATE
