-- Moves open intents on and answers which; a finished one is never changed by its actor. Primary key.
UPDATE intent
SET state = step.state,
    reason = step.reason,
    attempts = greatest(intent.attempts + step.attempts, 0),
    due_at = step.due_at,
    before = coalesce(step.before, intent.before),
    result = coalesce(step.result, intent.result),
    echo_hash = coalesce(step.echo_hash, intent.echo_hash),
    remote_id = coalesce(step.remote_id, intent.remote_id),
    sent_at = CASE WHEN step.state = 'sending' THEN $10 ELSE intent.sent_at END,
    finished_at = CASE WHEN step.state IN ('done', 'failed') THEN $10 END,
    updated_at = $10
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::timestamptz[], $7::jsonb[], $8::jsonb[], $9::bytea[],
    $11::text[]) AS step (id, state, reason, attempts, due_at, before, result, echo_hash, remote_id)
WHERE intent.tenant_id = $1 AND intent.id = step.id AND intent.finished_at IS NULL
RETURNING intent.id
