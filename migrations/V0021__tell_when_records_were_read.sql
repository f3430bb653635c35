-- When the store was asked for what a row holds; NULL where all that it holds was delivered. A delivery that was received before is not
-- newer, whatever its date: a store's clock can be set back while it waits.
ALTER TABLE orders ADD COLUMN read_at timestamptz;
ALTER TABLE product ADD COLUMN read_at timestamptz;
ALTER TABLE customer ADD COLUMN read_at timestamptz;
ALTER TABLE coupon ADD COLUMN read_at timestamptz;
