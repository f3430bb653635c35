-- Stores received deliveries, of any tenant, in one statement; safe to do again with the same ids.
INSERT INTO inbox (
    tenant_id, store_id, id, shard, received_at, topic, webhook_id, delivery_id, source, body, body_sha256
)
SELECT *
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::bytea[], $11::bytea[]
)
ON CONFLICT DO NOTHING
