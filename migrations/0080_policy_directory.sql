-- The industrial directory a district publishes for itself, brought and published as its other policy.

ALTER TABLE policy_submission DROP CONSTRAINT policy_submission_kind_check;
ALTER TABLE policy_submission ADD CONSTRAINT policy_submission_kind_check
    CHECK (kind IN ('documents', 'standards', 'directory'));

-- Several entries may concern one industry on one day; one entry has one period, which is only ever given an end.
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
