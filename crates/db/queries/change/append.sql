-- Numbers and appends changes of one store. The counter row is locked until commit, so numbers are in commit order.
WITH counter AS (
    UPDATE store_counter
    SET seq = seq + cardinality($3::text[]),
        orders = orders + $10,
        products = products + $11,
        last_webhook_at = greatest(last_webhook_at, $12)
    WHERE tenant_id = $1 AND store_id = $2
    RETURNING seq - cardinality($3::text[]) AS base
)
INSERT INTO change (tenant_id, store_id, seq, kind, entity_id, source, store_time, received_at, saved_at, detail)
SELECT $1, $2, counter.base + new.position, new.kind, new.entity_id, new.source, new.store_time, new.received_at, $9, new.detail
FROM counter,
    unnest($3::text[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::jsonb[]) WITH ORDINALITY
        AS new (kind, entity_id, source, store_time, received_at, detail, position)
RETURNING seq
