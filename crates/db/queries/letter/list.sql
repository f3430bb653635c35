-- Letters. Indexes letter_platform_of_subject, letter_platform_id.
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
