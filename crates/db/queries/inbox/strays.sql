-- Rows that no day's partition was there for.
SELECT
    (SELECT count(*) FROM inbox_default)
    + (SELECT count(*) FROM change_default)
    + (SELECT count(*) FROM audit_default)
