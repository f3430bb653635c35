-- A buyer's orders in all stores of a merchant: people buy without an account, or in another of the merchant's stores.

CREATE INDEX orders_of_buyer ON orders (tenant_id, customer_email) WHERE customer_email <> '';
