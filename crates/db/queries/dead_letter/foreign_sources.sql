-- The addresses behind a store's deliveries that were set aside for coming from elsewhere. Index dead_letter_open, primary key of inbox.
SELECT DISTINCT inbox.source
FROM dead_letter
JOIN inbox ON inbox.tenant_id = dead_letter.tenant_id
    AND inbox.id = dead_letter.id
    AND inbox.received_at = dead_letter.received_at
WHERE dead_letter.tenant_id = $1
    AND dead_letter.store_id = $2
    AND dead_letter.cause = 'foreign_source'
    AND dead_letter.resolved_at IS NULL
ORDER BY inbox.source
LIMIT 20
