-- Notes up to where a person has read; never back. Primary key.
INSERT INTO ticket_reader AS reader (tenant_id, ticket_id, user_id, read_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, ticket_id, user_id) DO UPDATE SET read_at = greatest(reader.read_at, excluded.read_at)
