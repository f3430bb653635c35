-- Raises an alert, or renews the detail of the one that is open; no row if it is open with this detail. Index alert_open.
INSERT INTO alert (tenant_id, store_id, id, kind, since, detail)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, store_id, kind) WHERE ended_at IS NULL DO UPDATE SET detail = excluded.detail
WHERE alert.detail IS DISTINCT FROM excluded.detail
RETURNING alert.id = $3 AS is_new
