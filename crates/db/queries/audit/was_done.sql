-- Whether a deed was written down with a record, whatever was done to it since. Index audit_of_entity.
SELECT EXISTS (
    SELECT FROM audit
    WHERE tenant_id = $1 AND entity_id = $2 AND action = $3 AND detail ->> 'deed' = $4::uuid::text
)
