-- Completion review and output review of grant contracts, 四(一)3. What a review found and who said so; how it ended is an
-- event of the contract. A review passes only with a receipt whose verdict is “conforms”: the key of the receipt carries
-- the verdict, so no program can record it otherwise.

CREATE TABLE contract_review (
    district county_code NOT NULL,
    id uuid NOT NULL,
    contract text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('completion', 'output')),
    state text NOT NULL CHECK (state IN ('open', 'concluded', 'withdrawn')),
    as_built jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(as_built) = 'object'),
    version integer NOT NULL DEFAULT 1,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    changed_by text NOT NULL,
    reviewed_on date,
    outcome text CHECK (outcome IN ('passed', 'rectify', 'failed')),
    rectify_until date,
    receipt text,
    verdict text,
    event bigint,
    passes text GENERATED ALWAYS AS
        (CASE WHEN outcome = 'passed' THEN CASE kind WHEN 'completion' THEN 'completion_reviewed' ELSE 'output_reviewed' END END) STORED,
    reason text,
    closed_at timestamptz,
    closed_by text,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, contract) REFERENCES contract,
    FOREIGN KEY (district, receipt, verdict) REFERENCES receipt (district, id, verdict),
    FOREIGN KEY (district, event) REFERENCES contract_event (district, id),
    CONSTRAINT contract_review_event_agrees FOREIGN KEY (district, event, contract, passes)
        REFERENCES contract_event (district, id, contract, passes),
    CONSTRAINT contract_review_concluded CHECK ((state = 'concluded') = (outcome IS NOT NULL)
        AND (outcome IS NULL OR (receipt IS NOT NULL AND verdict IS NOT NULL AND event IS NOT NULL AND reviewed_on IS NOT NULL))),
    CONSTRAINT contract_review_passes_only_when_conforming CHECK (outcome IS DISTINCT FROM 'passed' OR verdict = 'conforms'),
    CHECK ((outcome IS NOT DISTINCT FROM 'rectify') = (rectify_until IS NOT NULL)),
    CHECK (rectify_until IS NULL OR rectify_until > reviewed_on),
    CHECK ((state = 'open') = (closed_at IS NULL))
);
COMMENT ON COLUMN contract_review.as_built IS 'tenure::review::AsBuilt; what was concluded on stands in the receipt';
CREATE UNIQUE INDEX contract_review_open ON contract_review (district, contract, kind) WHERE state = 'open';
CREATE INDEX contract_review_contract ON contract_review (district, contract, opened_at);
CREATE INDEX contract_review_newest ON contract_review (district, opened_at, id);
CREATE INDEX contract_review_waiting ON contract_review (district, opened_at, id) WHERE state = 'open';

-- What each joint department says of its part; a changed mind is a new row.
CREATE TABLE contract_review_opinion (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    review uuid NOT NULL,
    department text NOT NULL,
    agrees boolean NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    account uuid NOT NULL,
    given_by text NOT NULL,
    given_at timestamptz NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, review) REFERENCES contract_review
);
CREATE UNIQUE INDEX contract_review_opinion_current ON contract_review_opinion (district, review, department) WHERE superseded_at IS NULL;
CREATE INDEX contract_review_opinion_of ON contract_review_opinion (district, review);

-- Which departments review together, from a day on, as a district has laid down. While it has laid down nothing, the list
-- shown as an example applies (policy/review-panels.toml). An open list is ended by its successor; nothing else about a list changes.
CREATE TABLE contract_review_panel (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('completion', 'output')),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    members jsonb NOT NULL CHECK (jsonb_typeof(members) = 'array' AND jsonb_array_length(members) > 0),
    source text NOT NULL CHECK (btrim(source) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (district, id),
    CONSTRAINT contract_review_panel_overlap EXCLUDE USING gist (district WITH =, kind WITH =, valid WITH &&)
);
COMMENT ON COLUMN contract_review_panel.members IS 'tenure::review::panel::Member, in the order in which they are shown';
COMMENT ON COLUMN contract_review_panel.source IS 'the paper that lays it down';
