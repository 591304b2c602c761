-- The history of each workspace: its counter, its entries and verdicts by place, and what booking keeps beside them.
-- workspace_id comes first in every key, so that the same tables distribute by workspace.

CREATE TABLE history (
  organisation_id uuid NOT NULL,
  workspace_id text PRIMARY KEY,
  -- The last place that is taken. Whoever writes locks this row first, in a statement of its own.
  seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- [{epoch, survivedSeq}], the present one last. In this row, so that whoever waited for its lock reads them as they are.
  epochs jsonb NOT NULL CHECK (jsonb_array_length(epochs) > 0),
  -- What pseudonyms of this workspace are made with.
  secret bytea NOT NULL CHECK (length(secret) = 32),
  -- Milliseconds since 1970, as all instants below: nothing is lent before it.
  lends_from bigint NOT NULL DEFAULT 0,
  began_at bigint NOT NULL,
  FOREIGN KEY (organisation_id, workspace_id) REFERENCES workspace (organisation_id, id)
);

-- Devices that wrote in a workspace, by a small number that stands for them in its entries.
CREATE TABLE history_device (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  device_index int NOT NULL,
  device_id text NOT NULL,
  -- The highest number that rows of its own have had.
  number_max bigint NOT NULL DEFAULT 0,
  -- Entries that gave a copy of its data away, the latest ones.
  forked_by jsonb NOT NULL DEFAULT '[]',
  forked_at bigint,
  PRIMARY KEY (workspace_id, device_index),
  UNIQUE (workspace_id, device_id)
);

-- When devices last asked for leases: how many share what is free.
CREATE TABLE lease_asker (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  device_id text NOT NULL,
  asked_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, device_id)
);

CREATE TABLE entry (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  seq bigint NOT NULL,
  id text NOT NULL,
  device_index int NOT NULL,
  number bigint NOT NULL,
  -- The device that brought it back after a loss; null for the author itself.
  brought_by int,
  body_hash bytea NOT NULL,
  -- As it crosses the wire.
  body text NOT NULL,
  -- null for booked.
  verdict text,
  -- The line that it follows from.
  linked_id text,
  -- Whether terms follow from it: everything but lines, and lines that grant or end a grant.
  of_terms boolean NOT NULL,
  -- Whose use it is and how much; null where it is none.
  member_id text,
  team_id text,
  spent_at bigint,
  used bigint,
  PRIMARY KEY (workspace_id, seq)
);
CREATE UNIQUE INDEX entry_by_id ON entry (workspace_id, id);
CREATE INDEX entry_of_terms ON entry (workspace_id, seq) WHERE of_terms;
CREATE INDEX entry_by_use ON entry (workspace_id, spent_at) INCLUDE (member_id, team_id, used) WHERE used IS NOT NULL;

-- Verdicts other than booked, each at a place of its own.
CREATE TABLE entry_verdict (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  seq bigint NOT NULL,
  entry_id text NOT NULL,
  -- Who may see it where not all is shown: whose use it is, and whose device wrote it.
  member_id text,
  device_index int NOT NULL,
  verdict text NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);

-- Rows that do not count and have no place: remembered, so that they stay refused.
CREATE TABLE refused_row (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  id text NOT NULL,
  body_hash bytea NOT NULL,
  device_index int NOT NULL,
  number bigint NOT NULL,
  verdict text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- A hold with what settled it first; either may be unknown.
CREATE TABLE hold_group (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  hold_id text NOT NULL,
  hold text,
  settlement text,
  member_id text,
  team_id text,
  spent_at bigint,
  -- What it sets aside; null once it is settled.
  held bigint,
  expires_at bigint,
  PRIMARY KEY (workspace_id, hold_id)
);
CREATE INDEX hold_group_open ON hold_group (workspace_id, spent_at) WHERE held IS NOT NULL;

CREATE TABLE lease (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  id text NOT NULL,
  device_id text NOT NULL,
  pool_id text NOT NULL,
  period_start bigint NOT NULL,
  period_end bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  borne bigint NOT NULL CHECK (borne >= 0),
  spendable_until bigint NOT NULL,
  reclaim_at bigint NOT NULL,
  closed text CHECK (closed IN ('returned', 'reclaimed', 'revoked')),
  PRIMARY KEY (workspace_id, id)
);
-- One open lease a device, pool and period.
CREATE UNIQUE INDEX lease_open ON lease (workspace_id, device_id, pool_id, period_start) WHERE closed IS NULL;
CREATE INDEX lease_due ON lease (reclaim_at) WHERE closed IS NULL;

CREATE TABLE pool_book (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  pool_id text NOT NULL,
  period_start bigint NOT NULL,
  period_end bigint NOT NULL,
  hard boolean NOT NULL,
  granted bigint NOT NULL CONSTRAINT pool_book_granted CHECK (granted >= 0),
  settled bigint NOT NULL CONSTRAINT pool_book_settled CHECK (settled >= 0),
  leased bigint NOT NULL CONSTRAINT pool_book_leased CHECK (leased >= 0),
  shortfall bigint NOT NULL CONSTRAINT pool_book_shortfall CHECK (shortfall >= 0),
  overrun bigint NOT NULL CONSTRAINT pool_book_overrun CHECK (overrun >= 0),
  overage bigint NOT NULL CONSTRAINT pool_book_overage CHECK (overage >= 0),
  PRIMARY KEY (workspace_id, pool_id, period_start),
  CHECK (period_start < period_end),
  CONSTRAINT pool_book_bound CHECK (settled + leased <= granted + shortfall),
  -- Nothing is free while something was taken away from under use and leases.
  CONSTRAINT pool_book_nothing_free CHECK (shortfall = 0 OR settled + leased = granted + shortfall)
);

-- What a device may see of a workspace, by the name that its checkpoints carry; one that was left never comes back.
CREATE TABLE device_view (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  device_id text NOT NULL,
  generation int NOT NULL,
  -- What it followed from: role, member, team, privacy.
  grounds text NOT NULL,
  PRIMARY KEY (workspace_id, device_id)
);

-- Closed stretches of a history as they are sent, made once. Without documents: too large to be sent whole.
CREATE TABLE segment (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  epoch text NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  documents int NOT NULL,
  etag text NOT NULL,
  -- Brotli.
  body bytea NOT NULL,
  PRIMARY KEY (workspace_id, epoch, first_seq)
);
ALTER TABLE segment ALTER COLUMN body SET STORAGE EXTERNAL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['history', 'history_device', 'lease_asker', 'entry', 'entry_verdict', 'refused_row',
    'hold_group', 'lease', 'pool_book', 'device_view', 'segment'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_organisation ON %I TO fuelgauge_organisation'
      ' USING (organisation_id = (SELECT current_organisation()))'
      ' WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO fuelgauge_organisation', name);
  END LOOP;
END $$;
-- Nothing of a history is ever deleted but what can be made again.
GRANT DELETE ON segment, lease_asker TO fuelgauge_organisation;
