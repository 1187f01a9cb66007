-- Measures that follow from a grade, as a district publishes them. 三 of the governing text.
SET LOCAL lock_timeout = '5s';

ALTER TABLE policy_submission DROP CONSTRAINT policy_submission_kind;
ALTER TABLE policy_submission ADD CONSTRAINT policy_submission_kind
    CHECK (kind IN ('documents', 'standards', 'directory', 'schemes', 'veto_kinds', 'measures'));

-- A row is here only while its submission is published, and a submission is published only by a second person. Nothing about
-- it is changed but an open end of its days.
CREATE TABLE policy_measure (
    district county_code NOT NULL,
    id text NOT NULL CHECK (id ~ '^[a-z0-9/-]+$'),
    adoption text NOT NULL CHECK (adoption IN ('example', 'adopted')),
    -- The days on which it acts.
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    content jsonb NOT NULL,
    submission uuid NOT NULL,
    submission_state text NOT NULL DEFAULT 'published' CHECK (submission_state = 'published'),
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, submission, submission_state) REFERENCES policy_submission (district, id, state)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT policy_measure_is_its_content CHECK (
        content ->> 'id' = id AND content ->> 'adoption' = adoption AND (content ->> 'from')::date = lower(valid))
);
