-- A page of products by name. Indexes product_by_name, product_platform_by_name; its level by primary key.
    parent.id AS parent_id,
    parent.name AS parent_name
FROM product
JOIN store ON store.tenant_id = product.tenant_id AND store.id = product.store_id
LEFT JOIN product parent ON parent.tenant_id = product.tenant_id
    AND parent.store_id = product.store_id
    AND parent.remote_id = product.parent_remote_id
LEFT JOIN stock_threshold
    ON stock_threshold.tenant_id = product.tenant_id AND stock_threshold.product_id = product.id
