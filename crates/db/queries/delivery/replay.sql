-- Has handled deliveries handled again, as if they had just come. Primary key. What waits already is left alone.
UPDATE inbox
SET state = 'pending',
    reason = NULL,
    attempts = 0,
    handled_at = NULL
WHERE tenant_id = $1 AND store_id = $2 AND id = ANY ($3) AND state <> 'pending'
