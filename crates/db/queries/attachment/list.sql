-- Files. Indexes attachment_pkey, attachment_of_ticket, attachment_of_return, attachment_platform_id.
SELECT
    attachment.tenant_id,
    attachment.id,
    attachment.for_staff,
    attachment.ticket_id,
    attachment.return_id,
    attachment.carrier_id,
    attachment.name,
    attachment.media_type,
    attachment.bytes,
    attachment.uploaded_by,
    attachment.created_at
FROM attachment
