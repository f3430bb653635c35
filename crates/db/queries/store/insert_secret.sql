-- One more sealed secret.
INSERT INTO store_secret (tenant_id, store_id, id, kind, sealed)
VALUES ($1, $2, $3, $4, $5)
