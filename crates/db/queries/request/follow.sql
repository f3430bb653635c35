-- Ends requests as their intents did, and answers which. Index request_of_intent.
UPDATE request
SET state = ended.state,
    version = request.version + 1,
    reason = ended.reason,
    result = ended.result,
    updated_at = $6
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[]) AS ended (intent_id, state, reason, result)
WHERE request.tenant_id = $1 AND request.intent_id = ended.intent_id AND request.state = 'approved'
RETURNING
    request.id,
    request.store_id,
    request.entity_id,
    request.number,
    request.about,
    request.asked_by,
    request.state,
    request.reason
