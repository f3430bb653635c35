-- Keeps what became of each record of a change of many.
INSERT INTO bulk_row (tenant_id, bulk_id, position, store_id, entity_id, edit, intent_id, refusal, made_by, created_at)
SELECT $1, $2, one.position, one.store_id, one.entity_id, one.edit, one.intent_id, one.refusal, $9, $10
FROM unnest($3::integer[], $4::uuid[], $5::uuid[], $6::jsonb[], $7::uuid[], $8::text[])
    AS one (position, store_id, entity_id, edit, intent_id, refusal)
