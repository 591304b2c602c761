-- Where a database comes from: its cluster, the timeline of that, and its own number in it. After a failover, a restore to
-- an earlier time, or a dump that was read elsewhere one of them is another one. What cannot be read here (not every
-- hosted database shows it) is left out.
CREATE FUNCTION database_origin() RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  origin jsonb := jsonb_build_object('database', (SELECT oid::text FROM pg_database WHERE datname = current_database()));
BEGIN
  BEGIN
    origin := origin || jsonb_build_object('system', (SELECT system_identifier::text FROM pg_control_system()));
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
  BEGIN
    -- The timeline that is written to now; the one of the last checkpoint may still be the one before a failover.
    origin := origin || jsonb_build_object('timeline', left(pg_walfile_name(pg_current_wal_lsn()), 8));
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
  RETURN origin;
END $$;

-- Of the database when the present epoch began; null until the next write where it began earlier.
ALTER TABLE history ADD COLUMN origin jsonb;
