-- Takes the next number for a ticket; the row is locked until commit, so none is left out or given twice. Primary key.
INSERT INTO desk_counter AS counter (tenant_id, tickets)
VALUES ($1, 1)
ON CONFLICT (tenant_id) DO UPDATE SET tickets = counter.tickets + 1
RETURNING tickets
