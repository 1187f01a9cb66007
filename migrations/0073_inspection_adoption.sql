-- A result that arrived after its task had ended or gone to somebody else is kept aside. Another person than the one who
-- recorded it may adopt it, with a reason; what was found before stays.
ALTER TABLE inspection_visit
    ADD COLUMN adopted_at timestamptz,
    ADD COLUMN adopted_by uuid,
    ADD COLUMN adopted_by_name text,
    ADD COLUMN adopted_reason text,
    ADD FOREIGN KEY (district, adopted_by) REFERENCES account,
    ADD CONSTRAINT inspection_visit_adopted CHECK (
        (adopted_at IS NULL AND adopted_by IS NULL AND adopted_by_name IS NULL AND adopted_reason IS NULL)
        OR (adopted_at IS NOT NULL AND adopted_by IS NOT NULL AND adopted_by_name IS NOT NULL AND btrim(adopted_reason) <> ''
            AND conflict IS NOT NULL)),
    ADD CONSTRAINT inspection_visit_four_eyes CHECK (adopted_by <> account);
ALTER TABLE inspection_step DROP CONSTRAINT inspection_step_step_check;
ALTER TABLE inspection_step ADD CONSTRAINT inspection_step_step_check
    CHECK (step IN ('assign', 'start', 'report', 'revisit', 'reassign', 'close', 'cancel', 'adopt'));
