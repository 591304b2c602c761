-- Enrolment through an identity provider: as whom it knows people, and sign-ins that are under way.

ALTER TABLE person
  -- What an admin was told: an address in lower case, or the provider's own name for the account.
  ADD COLUMN signs_in_as text,
  -- The account that did sign in as this person: from then on only that one does, whoever gets the address later.
  ADD COLUMN account_issuer text,
  ADD COLUMN account_subject text,
  ADD CONSTRAINT person_account_whole CHECK ((account_issuer IS NULL) = (account_subject IS NULL));
CREATE UNIQUE INDEX person_signs_in_as ON person (organisation_id, signs_in_as) WHERE signs_in_as IS NOT NULL;
CREATE UNIQUE INDEX person_account ON person (organisation_id, account_issuer, account_subject)
  WHERE account_subject IS NOT NULL;

-- A device that has no organisation yet: only the server's own role sees it.
CREATE TABLE sign_in (
  -- SHA-256 of the secret that the device was given.
  id_hash bytea PRIMARY KEY,
  -- Ed25519, 32 bytes: all that the device sends about it is signed by this key.
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  device_name text NOT NULL,
  program text,
  former_device_id uuid,
  -- What the provider knows it by; forgotten when it has ended.
  device_code text,
  -- The provider is asked no more often than this, and not before `ask_at`.
  interval_ms int NOT NULL,
  ask_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- How it ended: a device that joined, or why it did not.
  joined_organisation uuid,
  joined_person uuid,
  joined_device uuid,
  refused text,
  refused_as text
);
CREATE INDEX sign_in_expiry ON sign_in (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in TO fuelgauge_server;
