-- Whether a tenant's part of a change of many was written down. Primary key.
SELECT EXISTS (SELECT FROM bulk_row WHERE tenant_id = $1 AND bulk_id = $2)
