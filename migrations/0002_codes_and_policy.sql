-- Code lists, loaded from geodata/ by the binary; the same for every district.

CREATE TABLE industry (
    edition text NOT NULL,
    code text NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
    name text NOT NULL,
    section text NOT NULL,
    PRIMARY KEY (edition, code)
);

CREATE TABLE land_use (
    scheme text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    industrial boolean NOT NULL DEFAULT false,
    PRIMARY KEY (scheme, code)
);

CREATE TABLE subdistrict (
    code text NOT NULL CHECK (code ~ '^\d{9}$'),
    name text NOT NULL,
    valid daterange NOT NULL,
    source text NOT NULL,
    EXCLUDE USING gist (code WITH =, valid WITH &&)
);

-- One old code may have several successors (a split) and one new code several predecessors (a merger).
CREATE TABLE code_successor (
    kind text NOT NULL CHECK (kind IN ('county', 'subdistrict')),
    old_code text NOT NULL,
    new_code text NOT NULL,
    effective_on date NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (kind, old_code, new_code)
);

-- Policy: documents, articles verbatim, parameters with unit and validity. -------------------------------------------

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
