-- Organisations, their people, devices and workspaces; invites; tokens.
-- Every table with an organisation has FORCE row-level security: a transaction of an organisation sees its rows only.

DO $$
BEGIN
  CREATE ROLE fuelgauge_organisation NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  CREATE ROLE fuelgauge_server NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

-- The organisation that the transaction is for; none for all others.
CREATE FUNCTION current_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('fuelgauge.organisation', true), '')::uuid;

CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workspace (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id text NOT NULL,
  -- The last one that is known here; the history says which holds when.
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  PRIMARY KEY (id),
  UNIQUE (organisation_id, id)
);

CREATE TABLE person (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id uuid PRIMARY KEY,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('company-admin', 'team-lead', 'member', 'guest', 'visitor')),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When what the person may do last changed: streams and remembered tokens look again.
  standing_changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, id)
);
CREATE INDEX person_standing ON person (standing_changed_at);

-- Which member of a workspace's own history a person is.
CREATE TABLE membership (
  organisation_id uuid NOT NULL,
  workspace_id text NOT NULL,
  person_id uuid NOT NULL,
  member_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, person_id),
  UNIQUE (workspace_id, member_id),
  FOREIGN KEY (organisation_id, workspace_id) REFERENCES workspace (organisation_id, id),
  FOREIGN KEY (organisation_id, person_id) REFERENCES person (organisation_id, id)
);
CREATE INDEX membership_of_person ON membership (person_id);

CREATE TABLE invite (
  organisation_id uuid NOT NULL,
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,
  -- SHA-256 of the code: the code itself is kept nowhere.
  code_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  used_by_device uuid,
  withdrawn_at timestamptz,
  FOREIGN KEY (organisation_id, person_id) REFERENCES person (organisation_id, id)
);
CREATE INDEX invite_of_organisation ON invite (organisation_id, id);

CREATE TABLE device (
  organisation_id uuid NOT NULL,
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL,
  name text NOT NULL,
  -- Ed25519, 32 bytes.
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  enrolled_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  -- What the program called itself when it last renewed its token.
  program text,
  revoked_at timestamptz,
  revoked_reason text CHECK (revoked_reason IN ('admin', 'token-reuse', 'person-left')),
  UNIQUE (organisation_id, id),
  FOREIGN KEY (organisation_id, person_id) REFERENCES person (organisation_id, id)
);
CREATE INDEX device_of_person ON device (organisation_id, person_id);
CREATE INDEX device_revoked ON device (revoked_at) WHERE revoked_at IS NOT NULL;

-- What renews the access tokens of a device. A refresh token is the device's id, the secret of its family and a secret of
-- its own. One that belongs to the family and is neither in use nor given since was replaced before: somebody has a copy.
CREATE TABLE refresh_family (
  organisation_id uuid NOT NULL,
  device_id uuid PRIMARY KEY,
  -- All hashes are SHA-256.
  family_hash bytea NOT NULL,
  used_hash bytea,
  -- Given since, and not used yet: answers get lost, so the one in use holds until one of these is used.
  given_hashes bytea[] NOT NULL,
  renewed_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  FOREIGN KEY (organisation_id, device_id) REFERENCES device (organisation_id, id)
);

-- Keys that sign access tokens. No row of an organisation: only the server's own role sees them.
CREATE TABLE signing_key (
  id uuid PRIMARY KEY,
  public_jwk jsonb NOT NULL,
  private_jwk jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Tokens of a retired key are believed until the last of them has ended.
  retired_at timestamptz
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['workspace', 'person', 'membership', 'invite', 'device', 'refresh_family'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_organisation ON %I TO fuelgauge_organisation'
      ' USING (organisation_id = (SELECT current_organisation()))'
      ' WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
    EXECUTE format('CREATE POLICY of_server ON %I TO fuelgauge_server USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO fuelgauge_organisation, fuelgauge_server', name);
  END LOOP;
END $$;

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON organisation TO fuelgauge_organisation USING (id = (SELECT current_organisation()));
CREATE POLICY of_server ON organisation TO fuelgauge_server USING (true) WITH CHECK (true);
GRANT SELECT ON organisation TO fuelgauge_organisation;
GRANT SELECT, INSERT, UPDATE ON organisation TO fuelgauge_server;
GRANT SELECT, INSERT, UPDATE ON signing_key TO fuelgauge_server;
