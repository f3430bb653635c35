-- Puts deliveries whose inbox rows outlived their retention back into the inbox, as received now. Primary keys.
INSERT INTO inbox (
    tenant_id, store_id, id, shard, received_at, topic, webhook_id, delivery_id, source, body, body_sha256
)
SELECT
    letter.tenant_id,
    letter.store_id,
    letter.id,
    store.shard,
    $4,
    letter.topic,
    letter.webhook_id,
    letter.delivery_id,
    letter.source,
    letter.body,
    sha256(letter.body)
FROM dead_letter AS letter
JOIN store ON store.tenant_id = letter.tenant_id AND store.id = letter.store_id
WHERE letter.tenant_id = $1 AND letter.store_id = $2 AND letter.id = ANY ($3) AND letter.origin = 'delivery'
    AND NOT EXISTS (SELECT FROM inbox WHERE inbox.tenant_id = letter.tenant_id AND inbox.id = letter.id)
