-- Which of these bodies were word of a delete that the store was asked about. Index inbox_early_delete.
SELECT DISTINCT topic, body_sha256
FROM inbox
WHERE tenant_id = $1 AND store_id = $2 AND body_sha256 = ANY ($3) AND reason = 'asked'
