-- A change of many, in the order in which it was asked for. Index bulk_row_platform.
SELECT
    bulk_row.tenant_id,
    bulk_row.position,
    bulk_row.store_id,
    bulk_row.entity_id,
    bulk_row.edit,
    bulk_row.intent_id,
    bulk_row.refusal,
    bulk_row.created_at
FROM bulk_row
