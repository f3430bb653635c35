-- Partitions of what grows with time, made ahead: of deliveries by day, dropped when their retention is over; of the change log and
-- the audit by month, because they are kept and every look at them touches every partition. Attaching a partition takes a
-- short lock on the parent; a partition is made days before its first row, so no row ever has to move out of the default one.
-- These run as the schema's owner, because a scope may not change the schema; the janitor may only call them.

CREATE FUNCTION partition_ensure(parent text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        is_daily boolean := parent = 'inbox';
        first date := CASE WHEN is_daily THEN day ELSE date_trunc('month', day)::date END;
        next date := (first + CASE WHEN is_daily THEN interval '1 day' ELSE interval '1 month' END)::date;
        child text := format('%s_%s', parent, to_char(first, CASE WHEN is_daily THEN 'YYYYMMDD' ELSE 'YYYYMM' END));
        of_tenant text := 'tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid';
    BEGIN
        IF parent NOT IN ('inbox', 'change', 'audit') THEN
            RAISE EXCEPTION 'no partitioned table of ours: %', parent;
        END IF;
        IF to_regclass(child) IS NOT NULL THEN
            RETURN false;
        END IF;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
            child, parent, first::timestamp AT TIME ZONE 'UTC', next::timestamp AT TIME ZONE 'UTC');
        -- Rows are reached through the parent and its policies; this holds whoever reaches for the partition itself.
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', child);
        EXECUTE format('CREATE POLICY of_tenant ON %I TO sw_tenant USING (%s) WITH CHECK (%s)', child, of_tenant, of_tenant);
        RETURN true;
    END $$;

-- Drops the partitions of `parent` whose last row is older than `before`; answers how many.
CREATE FUNCTION partition_drop(parent text, before date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        child text;
        dropped integer := 0;
    BEGIN
        IF parent <> 'inbox' THEN
            RAISE EXCEPTION 'only deliveries have a retention: %', parent;
        END IF;
        FOR child IN
            SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = parent::regclass AND relname ~ '_[0-9]{8}$'
                AND to_date(right(relname, 8), 'YYYYMMDD') < before
        LOOP
            EXECUTE format('DROP TABLE %I', child);
            dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
    END $$;

REVOKE ALL ON FUNCTION partition_ensure(text, date), partition_drop(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partition_ensure(text, date), partition_drop(text, date) TO sw_janitor;

-- The janitor counts strays and looks for waiting deliveries.
CREATE POLICY janitor_reads ON inbox_default FOR SELECT TO sw_janitor USING (true);
CREATE POLICY janitor_reads ON change_default FOR SELECT TO sw_janitor USING (true);
GRANT SELECT ON inbox_default, change_default TO sw_janitor;
