-- Deletes uploads that nothing carried in time, and answers which. Index attachment_loose.
DELETE FROM attachment
WHERE (tenant_id, id) IN (
        SELECT loose.tenant_id, loose.id
        FROM attachment AS loose
        WHERE loose.carrier_id IS NULL AND loose.created_at < $1
        ORDER BY loose.created_at
        LIMIT $2
    )
    AND carrier_id IS NULL
RETURNING tenant_id, id
