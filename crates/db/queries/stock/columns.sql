-- What stock adds to the columns of a product: its article, which is the product itself or the variable one it belongs to, and its level.
    CASE WHEN product.id <> article.id THEN article.id END AS parent_id,
    CASE WHEN product.id <> article.id THEN article.name END AS parent_name,
    article.sort_name AS article_name,
    article.id AS article_id,
    stock_threshold.version AS level_version,
    low_stock.since AS low_since
