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
CREATE INDEX contract_review_waiting ON contract_review (district, opened_at, id) WHERE state = 'open';
