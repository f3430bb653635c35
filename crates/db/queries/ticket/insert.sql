-- Writes a ticket down. Index ticket_pkey.
INSERT INTO ticket (
    tenant_id, id, number, store_id, subject, state, priority, about_kind, about_id, about_title, opened_by, opened_name, opened_by_staff,
    opened_at, last_message_at, last_by_staff, answer_due_at, deed_id, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $13, $15, $16, $14)
