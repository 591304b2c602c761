-- What a server tells by itself: where to, what was told of each workspace so far, and what is on its way.

CREATE TABLE webhook (
  organisation_id uuid PRIMARY KEY REFERENCES organisation,
  url text NOT NULL,
  -- What messages are signed with; it is told once.
  secret bytea NOT NULL CHECK (length(secret) = 32),
  -- Percents at which use is told.
  thresholds jsonb NOT NULL,
  -- Milliseconds since 1970, as all instants below.
  set_at bigint NOT NULL,
  delivered_at bigint,
  -- Since when nothing has arrived, how often it was tried since, and why the last time.
  failing_since bigint,
  attempts int NOT NULL DEFAULT 0,
  problem text,
  -- Nothing is sent before it.
  due_at bigint NOT NULL DEFAULT 0,
  -- It was given up: what waits is kept until somebody looks after it.
  stopped_at bigint,
  -- Messages that had no room any more while they waited.
  lost int NOT NULL DEFAULT 0
);

-- What was told of a workspace, as the rules of alerts remember it; nothing until the first look.
CREATE TABLE alert_watch (
  organisation_id uuid NOT NULL,
  workspace_id text PRIMARY KEY,
  epoch text NOT NULL,
  -- Up to which place of the history was looked.
  seq bigint NOT NULL,
  watch text NOT NULL,
  FOREIGN KEY (organisation_id, workspace_id) REFERENCES workspace (organisation_id, id)
);

-- What is on its way. It is written with the watch, and goes once it has arrived.
CREATE TABLE webhook_message (
  organisation_id uuid NOT NULL,
  -- UUIDv7: the order in which they are sent.
  id uuid PRIMARY KEY,
  made_at bigint NOT NULL,
  body text NOT NULL
);
CREATE INDEX webhook_message_of_organisation ON webhook_message (organisation_id, id);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['webhook', 'alert_watch', 'webhook_message'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_organisation ON %I TO fuelgauge_organisation'
      ' USING (organisation_id = (SELECT current_organisation()))'
      ' WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO fuelgauge_organisation', name);
  END LOOP;
END $$;
