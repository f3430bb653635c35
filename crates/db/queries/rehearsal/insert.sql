-- A rehearsal that begins.
INSERT INTO rehearsal (tenant_id, name, node, wished_by, wish, phase, progress, created_at)
VALUES ($1, $2, $3, $4, $5, 'opening', '{}', $6)
