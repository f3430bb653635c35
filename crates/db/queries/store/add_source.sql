-- Accepts one more address of a store. Primary key.
UPDATE store
SET known_sources = array_append(known_sources, $3), updated_at = $4
WHERE tenant_id = $1 AND id = $2 AND NOT $3 = ANY (known_sources)
