-- Opens a return.
INSERT INTO return_case (
    tenant_id, id, number, store_id, order_id, order_number, reason, note, opened_by, opened_name, opened_at,
    buyer_name, buyer_email, deed_id, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $11)
