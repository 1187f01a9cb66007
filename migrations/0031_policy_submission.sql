-- What a district publishes for itself: brought by one person, published by another.

CREATE TABLE policy_submission (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('documents', 'standards')),
    file_name text NOT NULL,
    file_sha256 text NOT NULL,
    -- The day from which rows hold that name no day of their own.
    starts_on date NOT NULL,
    offer jsonb NOT NULL,
    faults jsonb NOT NULL,
    refused boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'submitted', 'published', 'rejected', 'withdrawn')),
    created_by uuid NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    submitted_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    -- The state of the catalogue that came of it.
    catalogue text REFERENCES policy_catalogue,
    PRIMARY KEY (district, id),
    UNIQUE (district, id, state),
    FOREIGN KEY (district, created_by) REFERENCES account,
    FOREIGN KEY (district, decided_by) REFERENCES account,
    CONSTRAINT policy_four_eyes CHECK (
        state NOT IN ('published', 'rejected')
        OR (decided_by IS NOT NULL AND decided_by <> created_by AND decided_by_name IS NOT NULL AND decided_at IS NOT NULL)),
    CONSTRAINT policy_rejected_with_reason CHECK (state <> 'rejected' OR btrim(reason) <> ''),
    CONSTRAINT policy_without_faults CHECK (NOT refused OR state IN ('draft', 'withdrawn')),
    CHECK (state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL),
    CHECK ((state = 'published') = (catalogue IS NOT NULL))
);
CREATE INDEX policy_submission_newest ON policy_submission (district, created_at DESC, id);

-- A row is here only while its submission is published, and a submission is published only by a second person.
CREATE TABLE policy_local_document (
    district county_code NOT NULL,
    id text NOT NULL,
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    content jsonb NOT NULL,
    submission uuid NOT NULL,
    submission_state text NOT NULL DEFAULT 'published' CHECK (submission_state = 'published'),
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, submission, submission_state) REFERENCES policy_submission (district, id, state)
        DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE policy_standard (
    district county_code NOT NULL,
    id text NOT NULL,
    land_kind text NOT NULL CHECK (land_kind IN ('industrial', 'commercial_service', 'logistics')),
    zone text,
    industry text,
    edition text,
    adoption text NOT NULL CHECK (adoption IN ('example', 'adopted')),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    content jsonb NOT NULL,
    submission uuid NOT NULL,
    submission_state text NOT NULL DEFAULT 'published' CHECK (submission_state = 'published'),
    PRIMARY KEY (district, id),
    CHECK ((industry IS NULL) = (edition IS NULL)),
    FOREIGN KEY (district, submission, submission_state) REFERENCES policy_submission (district, id, state)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT policy_standard_overlap EXCLUDE USING gist (
        district WITH =, land_kind WITH =, (COALESCE(zone, '')) WITH =, (COALESCE(industry, '')) WITH =,
        (COALESCE(edition, '')) WITH =, adoption WITH =, valid WITH &&)
);
