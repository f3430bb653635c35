-- Who took a key last, by the id that its request had made for itself: a request whose commit went unheard finds its own hold again, also
-- where it took over a key that another had let go.
ALTER TABLE idempotency_key ADD COLUMN taken_by uuid;
