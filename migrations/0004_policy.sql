-- Policy: documents, articles verbatim, parameters with unit and validity; every published state of the catalogue, the
-- receipts that name it, and what a district publishes for itself.

CREATE TABLE policy_document (
    id text PRIMARY KEY,
    title text NOT NULL,
    number text,
    issuer text NOT NULL,
    valid daterange NOT NULL
);

CREATE TABLE policy_article (
    document text NOT NULL REFERENCES policy_document,
    article text NOT NULL,
    position integer NOT NULL,
    wording text NOT NULL,
    PRIMARY KEY (document, article)
);

CREATE TABLE policy_parameter (
    name text NOT NULL,
    value text NOT NULL,
    unit text NOT NULL,
    valid daterange NOT NULL,
    document text NOT NULL,
    article text NOT NULL,
    local_choice boolean NOT NULL,
    checked_on date NOT NULL,
    note text NOT NULL,
    FOREIGN KEY (document, article) REFERENCES policy_article,
    EXCLUDE USING gist (name WITH =, valid WITH &&)
);

-- The catalogue and its receipts -------------------------------------------------------------------------------------

-- Every distinct published state. The same for every district that reads the same rules; named by its content.
CREATE TABLE policy_catalogue (
    sha256 text PRIMARY KEY,
    content text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    CHECK (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex'))
);

-- Which state a district works under: the newest number.
CREATE TABLE policy_edition (
    district county_code NOT NULL REFERENCES district,
    number integer NOT NULL CHECK (number > 0),
    catalogue text NOT NULL REFERENCES policy_catalogue,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (district, number)
);

-- A receipt is named by its content. The check below is the one its program makes: a row whose content no longer gives
-- its number cannot be stored, so changing a receipt in place is refused without a trigger.
CREATE TABLE receipt (
    district county_code NOT NULL REFERENCES district,
    id text NOT NULL,
    check_name text NOT NULL CHECK (check_name ~ '^[a-z][a-z0-9_.-]*$'),
    as_of date NOT NULL,
    program text NOT NULL CHECK (program ~ '^[0-9A-Za-z.+-]+$'),
    catalogue text NOT NULL REFERENCES policy_catalogue,
    inputs text NOT NULL,
    results text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('conforms', 'does_not_conform', 'not_determinable')),
    recorded_at timestamptz NOT NULL,
    recorded_by uuid,
    recorded_by_name text NOT NULL,
    PRIMARY KEY (district, id),
    -- What a decision refers to: this receipt with this verdict.
    UNIQUE (district, id, verdict),
    CONSTRAINT receipt_number CHECK (id = encode(sha256(convert_to(
        '{"check":"' || check_name || '","as_of":"' || to_char(as_of, 'YYYY-MM-DD') || '","program":"' || program
        || '","catalogue":"' || catalogue || '","inputs":"' || encode(sha256(convert_to(inputs, 'UTF8')), 'hex')
        || '","results":"' || encode(sha256(convert_to(results, 'UTF8')), 'hex') || '"}', 'UTF8')), 'hex')),
    CONSTRAINT receipt_verdict CHECK (verdict = results::json ->> 'verdict')
);
CREATE INDEX receipt_recorded ON receipt (district, recorded_at);

-- What a district publishes for itself: brought by one person, published by another. ----------------------------------

CREATE TABLE policy_submission (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('documents', 'standards', 'directory')),
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

-- The industrial directory. Several entries may concern one industry on one day; one entry has one period, which is only
-- ever given an end.
CREATE TABLE policy_directory_entry (
    district county_code NOT NULL,
    id text NOT NULL,
    class text NOT NULL CHECK (class IN ('encouraged', 'restricted', 'prohibited')),
    adoption text NOT NULL CHECK (adoption IN ('example', 'adopted')),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    content jsonb NOT NULL,
    submission uuid NOT NULL,
    submission_state text NOT NULL DEFAULT 'published' CHECK (submission_state = 'published'),
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, submission, submission_state) REFERENCES policy_submission (district, id, state)
        DEFERRABLE INITIALLY DEFERRED
);
