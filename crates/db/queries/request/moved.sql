-- Says what the store now holds of what requests are about, and answers which of them still waited. Primary key.
UPDATE request
SET current = moved.current,
    stale_at = CASE WHEN moved.is_stale THEN coalesce(request.stale_at, $5) END,
    version = request.version + 1,
    updated_at = $5
FROM unnest($2::uuid[], $3::jsonb[], $4::boolean[]) AS moved (id, current, is_stale)
WHERE request.tenant_id = $1 AND request.id = moved.id AND request.state = 'waiting'
RETURNING request.id
