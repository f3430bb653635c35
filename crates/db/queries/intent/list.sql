-- Intents, newest first. Indexes intent_newest, intent_of_entity, intent_platform_newest.
SELECT
    intent.tenant_id,
    intent.store_id,
    store.name AS store_name,
    intent.id,
    intent.kind,
    intent.entity_id,
    intent.remote_id,
    intent.change,
    intent.state,
    intent.attempts,
    intent.reason,
    intent.precondition,
    intent.before,
    intent.result,
    intent.cause,
    app_user.name AS user_name,
    intent.created_at,
    intent.sent_at,
    intent.updated_at,
    intent.finished_at
FROM intent
JOIN store ON store.tenant_id = intent.tenant_id AND store.id = intent.store_id
LEFT JOIN app_user ON app_user.id = intent.user_id
