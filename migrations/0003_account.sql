-- People, how they sign in, and the audit log.

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

-- Of sessions and tokens the database holds hashes only.
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
CREATE INDEX session_end ON session (district, expires_at);

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
CREATE INDEX api_token_maker ON api_token (district, created_by, created_at);

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
-- What is kept for a time only is found by its age.
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (district, at);

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
