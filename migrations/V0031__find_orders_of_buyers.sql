-- A buyer's orders in all stores of a merchant: people buy without an account, or in another of the merchant's stores. An index takes rows of
-- some 2,700 bytes, and a till takes any text for an address.

CREATE INDEX orders_of_buyer ON orders (tenant_id, customer_email)
    WHERE customer_email <> '' AND octet_length(customer_email) <= 500;
