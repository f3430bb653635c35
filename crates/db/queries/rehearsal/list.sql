-- Rehearsals with who wished for them. Few rows: people start them by hand.
SELECT
    rehearsal.tenant_id,
    rehearsal.name,
    rehearsal.node,
    app_user.name AS wished_by,
    rehearsal.wish,
    rehearsal.phase,
    rehearsal.reason,
    rehearsal.progress,
    rehearsal.report,
    rehearsal.created_at,
    rehearsal.finished_at,
    rehearsal.cleared_at
FROM rehearsal
LEFT JOIN app_user ON app_user.id = rehearsal.wished_by
