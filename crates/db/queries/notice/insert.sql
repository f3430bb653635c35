-- Tells people what happened, each once per cause. No conflict is named: the scope that writes need not see what is for staff.
INSERT INTO notice (tenant_id, id, user_id, for_staff, kind, detail, about_kind, about_id, once, created_at)
SELECT $1, told.id, told.user_id, told.for_staff, told.kind, told.detail, told.about_kind, told.about_id, told.once, $10
FROM unnest($2::uuid[], $3::uuid[], $4::boolean[], $5::text[], $6::jsonb[], $7::text[], $8::uuid[], $9::text[])
    AS told (id, user_id, for_staff, kind, detail, about_kind, about_id, once)
ON CONFLICT DO NOTHING
