-- Moves a walk, in the transaction that stored what its page found. Primary key.
UPDATE sweep
SET position = $6,
    done = $7,
    expected = $8,
    drifted = $9,
    finished_at = $10
WHERE tenant_id = $1 AND store_id = $2 AND purpose = $3 AND resource = $4 AND listing = $5
