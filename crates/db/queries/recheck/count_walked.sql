-- Records that a walk wondered about and that have not been asked about yet. Index recheck_due.
SELECT count(*) AS waiting
FROM recheck
WHERE tenant_id = $1
    AND store_id = $2
    AND (reason IN ('drift', 'absent') OR (reason = 'doubtful' AND source IN ('sweep', 'reconcile')))
    AND attempts = 0
