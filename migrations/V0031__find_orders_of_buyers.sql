-- A buyer's orders in all stores of a merchant: people buy without an account, or in another of the merchant's stores. A till takes any text
-- for an address, and a B-tree none beyond some 2,700 bytes: a hash has room for each.

CREATE INDEX orders_of_buyer ON orders USING hash (customer_email) WHERE customer_email <> '';
