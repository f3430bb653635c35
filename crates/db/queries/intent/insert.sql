-- Writes an intent down, due at once. Primary key.
INSERT INTO intent (
    tenant_id, store_id, id, shard, kind, entity_id, change, precondition, cause, remote_id, parent_remote_id, user_id,
    due_at, created_at, updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13)
