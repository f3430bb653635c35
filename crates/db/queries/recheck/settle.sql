-- Ends rechecks whose answer is stored, unless they were wanted anew meanwhile. Primary key.
DELETE FROM recheck
USING unnest($3::text[], $4::text[], $5::bigint[]) AS settled (kind, remote_id, wishes)
WHERE recheck.tenant_id = $1 AND recheck.store_id = $2
    AND recheck.kind = settled.kind AND recheck.remote_id = settled.remote_id AND recheck.wishes = settled.wishes
