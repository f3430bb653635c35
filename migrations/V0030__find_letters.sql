-- Only staff look at letters, over many tenants: at those about something, and at one by its own id.

DROP INDEX letter_of_subject;
CREATE INDEX letter_platform_of_subject ON letter (about_id, id DESC);
CREATE INDEX letter_platform_id ON letter (id);
