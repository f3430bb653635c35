-- The recheck of a store to be made first: of those that are due a person's, then what was announced, then what a walk wondered about;
-- after them those whose time comes first. Index recheck_due.
SELECT
    kind,
    remote_id,
    reason,
    source,
    wanted_at,
    received_at,
    due_at,
    attempts,
    wishes
FROM recheck
WHERE tenant_id = $1 AND store_id = $2
ORDER BY
    due_at > $3,
    CASE
        WHEN due_at > $3 OR reason = 'click' THEN 0
        WHEN source IN ('sweep', 'reconcile', 'backfill') THEN 2
        ELSE 1
    END,
    due_at,
    kind,
    remote_id
LIMIT 1
