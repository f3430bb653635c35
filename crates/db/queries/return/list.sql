-- Returns with the name of their store. Indexes return_case_pkey, return_case_newest, return_case_of_order, return_case_platform_newest.
SELECT
    return_case.tenant_id,
    return_case.id,
    return_case.number,
    return_case.store_id,
    store.name AS store_name,
    return_case.order_id,
    return_case.order_number,
    return_case.state,
    return_case.reason,
    return_case.note,
    return_case.opened_by,
    return_case.opened_name,
    return_case.opened_at,
    return_case.buyer_name,
    return_case.buyer_email,
    return_case.version,
    return_case.deed_id,
    return_case.updated_at,
    return_case.ended_at
FROM return_case
JOIN store ON store.tenant_id = return_case.tenant_id AND store.id = return_case.store_id
