-- The days on which notices were prepared by the server itself: once a day, whoever runs it and however often it starts.
CREATE TABLE contract_notice_run (
    district county_code NOT NULL REFERENCES district,
    day date NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    prepared bigint CHECK (prepared >= 0),
    PRIMARY KEY (district, day),
    CHECK ((finished_at IS NULL) = (prepared IS NULL))
);
COMMENT ON COLUMN contract_notice_run.day IS 'in China';
COMMENT ON COLUMN contract_notice_run.finished_at IS 'none while it goes on, or when its server died: after an hour another takes it over';
