-- What was done, newest first, tenant by tenant and then merged; rehearsals outlive their tenants' rows. Index audit_newest.
SELECT
    deed.tenant_id,
    deed.id,
    deed.at,
    deed.user_id,
    app_user.name AS user_name,
    deed.action,
    deed.entity_id,
    deed.detail
FROM (SELECT id FROM tenant UNION SELECT tenant_id FROM rehearsal) AS tenant
CROSS JOIN LATERAL (
    SELECT
        audit.tenant_id,
        audit.id,
        audit.at,
        audit.user_id,
        audit.action,
        audit.entity_id,
        audit.detail
    FROM audit
    WHERE audit.tenant_id = tenant.id
        AND ($1::uuid IS NULL OR audit.entity_id = $1)
        AND ($2::uuid IS NULL OR audit.id < $2)
    ORDER BY audit.id DESC
    LIMIT $3
) AS deed
LEFT JOIN app_user ON app_user.id = deed.user_id
ORDER BY deed.id DESC
LIMIT $3
