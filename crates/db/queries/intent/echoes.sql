-- Which of these contents a recent write of ours left behind. Index intent_echo.
SELECT DISTINCT echo_hash
FROM intent
WHERE tenant_id = $1 AND store_id = $2 AND echo_hash = ANY ($3) AND finished_at >= $4
