-- The ground: extensions, people, audit, jobs. District-owned tables have the district first in every key,
-- so that they can be spread by district later; code lists have none and are the same everywhere.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE DOMAIN county_code AS text CHECK (VALUE ~ '^\d{6}$');

CREATE TABLE district (
    code county_code PRIMARY KEY,
    name text NOT NULL,
    synthetic boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN district.synthetic IS 'an invented district: every page that shows it says so';

-- Accounts ---------------------------------------------------------------------------------------------------------

CREATE TABLE account (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    login text NOT NULL CHECK (login ~ '^[a-z0-9._-]{2,40}$'),
    name text NOT NULL,
    password_hash text NOT NULL,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    department text,
    subdistrict text,
    active boolean NOT NULL DEFAULT true,
    demonstration boolean NOT NULL DEFAULT false,
    must_change_password boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, login)
);

CREATE TABLE session (
    district county_code NOT NULL,
    token_hash bytea NOT NULL,
    account uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (district, token_hash),
    FOREIGN KEY (district, account) REFERENCES account
);
CREATE INDEX session_account ON session (district, account);

CREATE TABLE api_token (
    district county_code NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    subdistrict text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (district, id),
    UNIQUE (district, token_hash),
    FOREIGN KEY (district, created_by) REFERENCES account
);

CREATE TABLE sign_in_attempt (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    login text NOT NULL,
    origin text NOT NULL,
    at timestamptz NOT NULL,
    succeeded boolean NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE INDEX sign_in_attempt_recent ON sign_in_attempt (district, login, at);
CREATE INDEX sign_in_attempt_origin ON sign_in_attempt (district, origin, at);

-- Audit: append-only, chained by hash. The head row is the lock that keeps the chain in one line. --------------------

CREATE TABLE audit_head (
    district county_code PRIMARY KEY REFERENCES district,
    seq bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE audit_entry (
    district county_code NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (district, seq)
);
CREATE INDEX audit_entry_subject ON audit_entry (district, subject_kind, subject, seq);

-- Jobs: long work, resumable, with progress that the page and the terminal both show. ---------------------------------

CREATE TABLE job (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    step text NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    attempts integer NOT NULL DEFAULT 0,
    fault text,
    account uuid,
    actor text NOT NULL,
    created_at timestamptz NOT NULL,
    heartbeat_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (district, id)
);
CREATE INDEX job_waiting ON job (district, created_at) WHERE state IN ('queued', 'running');

-- A committed change to a layer raises its revision in the same transaction; tile addresses carry it. -----------------

CREATE TABLE layer_revision (
    district county_code NOT NULL REFERENCES district,
    layer text NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (district, layer)
);
