-- What a rehearsal has left behind.
SELECT
    (SELECT count(*) FROM change WHERE tenant_id = $1) AS changes,
    (SELECT count(*) FROM inbox WHERE tenant_id = $1 AND state IN ('applied', 'ignored')) AS applied,
    (SELECT count(*) FROM dead_letter WHERE tenant_id = $1) AS dead_letters
