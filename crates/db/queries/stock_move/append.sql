-- Enters moves of one store's counts into the ledger.
INSERT INTO stock_move (
    tenant_id, store_id, id, product_id, at, before, after, reason, source, user_id, by_name, intent_id, note
)
SELECT
    $1, $2, moved.id, moved.product_id, $3, moved.before, moved.after, moved.reason, moved.source, moved.user_id,
    moved.by_name, moved.intent_id, moved.note
FROM unnest(
    $4::uuid[], $5::uuid[], $6::numeric[], $7::numeric[], $8::text[], $9::text[], $10::uuid[], $11::text[], $12::uuid[],
    $13::text[]
) AS moved (id, product_id, before, after, reason, source, user_id, by_name, intent_id, note)
