-- A time in which webhooks did not come begins.
INSERT INTO webhook_gap (tenant_id, store_id, id, since, found_at, found)
VALUES ($1, $2, $3, $4, $5, $6)
