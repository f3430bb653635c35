-- Attaches files that a person uploaded and that nothing carries yet. Primary key.
UPDATE attachment
SET ticket_id = $4,
    return_id = $5,
    carrier_id = $6,
    for_staff = $7
WHERE tenant_id = $1
    AND id = ANY ($2)
    AND uploaded_by = $3
    AND carrier_id IS NULL
