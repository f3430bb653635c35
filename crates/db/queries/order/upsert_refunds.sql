-- Inserts refunds; one that is known gains its lines and never loses them (an order carries only a summary).
INSERT INTO order_refund (tenant_id, order_id, remote_id, amount, reason, created_at, lines)
SELECT $1, new.*
FROM unnest($2::uuid[], $3::text[], $4::numeric[], $5::text[], $6::timestamptz[], $7::jsonb[]) AS new
ON CONFLICT (tenant_id, order_id, remote_id) DO UPDATE SET
    amount = excluded.amount,
    reason = excluded.reason,
    created_at = coalesce(excluded.created_at, order_refund.created_at),
    lines = CASE WHEN jsonb_array_length(excluded.lines) > 0 THEN excluded.lines ELSE order_refund.lines END
