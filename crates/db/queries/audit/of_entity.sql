-- What was done to one record, newest first. Index audit_of_entity.
SELECT
    audit.tenant_id,
    audit.id,
    audit.at,
    audit.user_id,
    app_user.name AS user_name,
    audit.action,
    audit.entity_id,
    audit.detail
FROM audit
LEFT JOIN app_user ON app_user.id = audit.user_id
WHERE audit.tenant_id = $1 AND audit.entity_id = $2
ORDER BY audit.id DESC
LIMIT $3
