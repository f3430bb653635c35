-- Takes the next number for a return; the row is locked until commit, so none is left out or given twice. Primary key.
INSERT INTO desk_counter AS counter (tenant_id, returns)
VALUES ($1, 1)
ON CONFLICT (tenant_id) DO UPDATE SET returns = counter.returns + 1
RETURNING returns
