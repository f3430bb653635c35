-- Writes a letter to one of the tenant's people, once per cause; not to one who has left, whom this scope no longer sees or shows as
-- disabled. Primary key.
INSERT INTO letter (tenant_id, id, store_id, to_address, to_name, subject, body, about_kind, about_id, once, due_at, created_at)
SELECT $1, $2, $3, app_user.email, app_user.name, $4, $5, $6, $7, $8, $9, $9
FROM app_user
WHERE app_user.id = $10 AND app_user.disabled_at IS NULL AND app_user.email <> ''
ON CONFLICT (tenant_id, once) DO NOTHING
