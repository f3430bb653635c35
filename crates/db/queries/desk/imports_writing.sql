-- Files of counts that are being written, by whomever, oldest first; none so old that its counts are no longer believed. Index
-- stock_import_writing.
SELECT tenant_id, id
FROM stock_import
WHERE state = 'writing' AND expires_at > $1
ORDER BY id
LIMIT $2
