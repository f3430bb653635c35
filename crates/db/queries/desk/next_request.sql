-- Takes the next number for a request; the row is locked until commit, so none is left out or given twice. Primary key.
INSERT INTO desk_counter AS counter (tenant_id, requests)
VALUES ($1, 1)
ON CONFLICT (tenant_id) DO UPDATE SET requests = counter.requests + 1
RETURNING requests
