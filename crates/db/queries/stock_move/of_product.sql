-- The moves of one product's count, newest first. Index stock_move_of_product. Names of our own people are kept on the row where the tenant
-- was told them; who may look people up is told the others too.
SELECT
    stock_move.id,
    stock_move.at,
    stock_move.before,
    stock_move.after,
    stock_move.reason,
    stock_move.source,
    coalesce(nullif(stock_move.by_name, ''), app_user.name, '') AS by_name,
    stock_move.intent_id,
    stock_move.note
FROM stock_move
LEFT JOIN app_user ON app_user.id = stock_move.user_id
WHERE stock_move.tenant_id = $1
    AND stock_move.product_id = $2
    AND ($3::uuid IS NULL OR stock_move.id < $3)
ORDER BY stock_move.id DESC
LIMIT $4
