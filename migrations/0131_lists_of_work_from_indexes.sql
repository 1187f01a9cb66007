-- Lists of contracts, offers, and of the work they bring, each in the order in which its pages follow one another.

CREATE INDEX contract_lies ON contract (district, subdistrict, number);
CREATE INDEX contract_number_part ON contract USING gin (number gin_trgm_ops);

CREATE INDEX contract_notice_due ON contract_notice (district, due, id);
CREATE INDEX contract_breach_due ON contract_breach (district, due, id);
CREATE INDEX contract_breach_open ON contract_breach (district, due, id) WHERE closed_at IS NULL;
CREATE INDEX contract_review_opinion_of ON contract_review_opinion (district, review);
CREATE INDEX contract_review_newest ON contract_review (district, opened_at, id);

-- Breach files as they stood at a moment, as before; the last step by then is looked up for each file that is asked for
-- instead of being found for all of them first.
CREATE OR REPLACE FUNCTION contract_breach_at(county text, moment timestamptz)
RETURNS TABLE (district text, id uuid, contract text, duty text, due date, state text, remedy text, amount_yuan numeric,
    arithmetic text, notice uuid, rectify_until date, proposed_by uuid, proposed_by_name text, decided_by_name text,
    version integer, opened_at timestamptz, opened_by text, is_open boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT b.district::text, b.id, b.contract, b.duty, b.due,
           CASE WHEN moment IS NULL THEN b.state ELSE s.state END,
           CASE WHEN moment IS NULL THEN b.remedy ELSE s.remedy END,
           CASE WHEN moment IS NULL THEN b.amount_yuan ELSE s.amount_yuan END,
           CASE WHEN moment IS NULL THEN b.arithmetic ELSE s.arithmetic END,
           CASE WHEN moment IS NULL THEN b.notice ELSE s.notice END,
           CASE WHEN moment IS NULL THEN b.rectify_until ELSE s.rectify_until END,
           CASE WHEN moment IS NULL THEN b.proposed_by ELSE s.proposed_by END,
           CASE WHEN moment IS NULL THEN b.proposed_by_name ELSE s.proposed_by_name END,
           CASE WHEN moment IS NULL THEN b.decided_by_name ELSE s.decided_by_name END,
           CASE WHEN moment IS NULL THEN b.version ELSE s.taken::integer END,
           b.opened_at, b.opened_by, b.closed_at IS NULL OR coalesce(b.closed_at > moment, false)
    FROM contract_breach b
    LEFT JOIN LATERAL (SELECT step.*, (SELECT count(*) FROM contract_breach_step earlier
                   WHERE earlier.district = county AND earlier.breach = b.id AND earlier.at <= moment) AS taken
               FROM contract_breach_step step
               WHERE step.district = county AND step.breach = b.id AND step.at <= moment ORDER BY step.id DESC LIMIT 1) s
        ON moment IS NOT NULL
    WHERE b.district = county AND (moment IS NULL OR (b.opened_at <= moment AND s.state IS NOT NULL))
$$;

CREATE INDEX inspection_task_assignee ON inspection_task (district, assignee, due, id);
CREATE INDEX inspection_task_state ON inspection_task (district, state, due, id);
CREATE INDEX inspection_task_stage ON inspection_task (district, stage, due, id);
CREATE INDEX inspection_task_lies ON inspection_task (district, subdistrict, due, id);

CREATE INDEX admission_offer_newest ON admission_offer (district, lower(offered) DESC, id DESC);

DROP INDEX import_run_recent;
CREATE INDEX import_run_recent ON import_run (district, created_at, id);
CREATE INDEX import_run_account ON import_run (district, account, created_at, id);
CREATE INDEX import_run_file ON import_run (district, file_name, created_at, id);
CREATE INDEX import_run_refused ON import_run (district, created_at, id) WHERE rejected > 0;

CREATE INDEX api_token_maker ON api_token (district, created_by, created_at);
CREATE INDEX session_end ON session (district, expires_at);
CREATE INDEX job_about ON job USING gin (payload jsonb_path_ops);
