-- The letters about something, newest first. Index letter_platform_of_subject.
SELECT
    letter.tenant_id,
    letter.id,
    letter.store_id,
    letter.to_address,
    letter.to_name,
    letter.subject,
    letter.body,
    letter.about_kind,
    letter.about_id,
    letter.state,
    letter.due_at,
    letter.reason,
    letter.created_at,
    letter.finished_at
FROM letter
WHERE letter.about_id = $1 AND ($2::uuid[] IS NULL OR letter.store_id = ANY ($2))
ORDER BY letter.id DESC
LIMIT $3
