-- How many bytes of files a tenant has. Primary key.
SELECT coalesce(sum(bytes), 0)::bigint
FROM attachment
WHERE tenant_id = $1
