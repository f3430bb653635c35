-- Says when a request that waits is looked at again, and how many reminders were sent since anybody last spoke of it. Primary key.
UPDATE request
SET due_at = $3,
    reminders = $4,
    updated_at = $5
WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'
