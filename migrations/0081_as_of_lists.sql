-- Lists of notices, reviews and breach files as they stood on a past day: each change is known with the moment at which it
-- was recorded, and what a step left in a breach file is kept with the step.

ALTER TABLE contract_notice
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN delivered_at timestamptz,
    ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN contract_notice.sent_at IS 'when it was recorded; the day it went out is sent_on';
COMMENT ON COLUMN contract_notice.delivered_at IS 'when it was recorded; the day it arrived is delivered_on';

-- Until now the moments stood with the event of the contract and in the audit log only.
UPDATE contract_notice n SET sent_at = e.recorded_at
    FROM contract_event e WHERE e.district = n.district AND e.id = n.event AND n.sent_on IS NOT NULL;
WITH deed AS (
    SELECT district, subject, action, (detail->>'notice')::uuid AS notice, min(at) AS at FROM audit_entry
    WHERE subject_kind = 'contract' AND action IN ('contract.notice_delivered', 'contract.notice_withdrawn')
    GROUP BY district, subject, action, detail->>'notice')
UPDATE contract_notice n SET
    delivered_at = CASE WHEN n.state = 'delivered' THEN deed.at END,
    withdrawn_at = CASE WHEN n.state = 'withdrawn' THEN deed.at END
    FROM deed WHERE deed.district = n.district AND deed.subject = n.contract AND deed.notice = n.id
        AND deed.action = 'contract.notice_' || n.state;
-- What neither knows is taken to have been recorded as its own day began in China, a withdrawal when the notice was prepared.
UPDATE contract_notice SET
    sent_at = coalesce(sent_at, sent_on::timestamp AT TIME ZONE 'Asia/Shanghai'),
    delivered_at = CASE WHEN state = 'delivered' THEN coalesce(delivered_at, delivered_on::timestamp AT TIME ZONE 'Asia/Shanghai') END,
    withdrawn_at = CASE WHEN state = 'withdrawn' THEN coalesce(withdrawn_at, prepared_at) END;
ALTER TABLE contract_notice ADD CONSTRAINT contract_notice_moments CHECK ((sent_at IS NOT NULL) = (sent_on IS NOT NULL)
    AND (delivered_at IS NOT NULL) = (state = 'delivered') AND (withdrawn_at IS NOT NULL) = (state = 'withdrawn'));

CREATE FUNCTION contract_notice_state_at(notice contract_notice, moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN notice.sent_at > moment OR notice.withdrawn_at > moment THEN 'prepared'
                WHEN notice.delivered_at > moment THEN 'sent' ELSE notice.state END
$$;
COMMENT ON FUNCTION contract_notice_state_at IS 'as it stood at a moment, as it stands when there is none';

ALTER TABLE contract_breach_step
    ADD COLUMN remedy text CHECK (remedy IN ('penalty', 'taking_back')),
    ADD COLUMN amount_yuan numeric CHECK (amount_yuan > 0),
    ADD COLUMN arithmetic text,
    ADD COLUMN notice uuid,
    ADD COLUMN rectify_until date,
    ADD COLUMN proposed_by uuid,
    ADD COLUMN proposed_by_name text,
    ADD COLUMN decided_by_name text;
COMMENT ON COLUMN contract_breach_step.remedy IS 'as the step left it in the file, like the columns after it';

-- What older steps left is known where nothing overwrote it: the file still holds it. A day for rectification that was
-- moved, and what a returned proposal said, are gone and stay empty; who proposed stands with the step.
WITH step AS (
    SELECT s.district, s.id, s.breach,
           max(s.id) FILTER (WHERE s.step = 'notify') OVER upto AS told,
           max(s.id) FILTER (WHERE s.step = 'rectify') OVER upto AS ordered,
           max(s.id) FILTER (WHERE s.step = 'rectify') OVER whole AS last_ordered,
           max(s.id) FILTER (WHERE s.step IN ('propose', 'return')) OVER upto AS proposed,
           max(s.id) FILTER (WHERE s.step IN ('propose', 'return')) OVER whole AS last_proposed,
           max(s.id) FILTER (WHERE s.step = 'decide') OVER upto AS decided
    FROM contract_breach_step s
    WINDOW upto AS (PARTITION BY s.district, s.breach ORDER BY s.id), whole AS (PARTITION BY s.district, s.breach))
UPDATE contract_breach_step s SET
    notice = CASE WHEN step.told IS NOT NULL THEN b.notice END,
    rectify_until = CASE WHEN step.ordered = step.last_ordered THEN b.rectify_until END,
    remedy = CASE WHEN step.proposed = step.last_proposed THEN b.remedy END,
    amount_yuan = CASE WHEN step.proposed = step.last_proposed THEN b.amount_yuan END,
    arithmetic = CASE WHEN step.proposed = step.last_proposed THEN b.arithmetic END,
    proposed_by = p.account,
    proposed_by_name = p.actor,
    decided_by_name = CASE WHEN step.decided IS NOT NULL THEN b.decided_by_name END
    FROM step JOIN contract_breach b ON b.district = step.district AND b.id = step.breach
    LEFT JOIN contract_breach_step p ON p.district = step.district AND p.id = step.proposed AND p.step = 'propose'
    WHERE step.district = s.district AND step.id = s.id;

-- Breach files as they stood at a moment; as they stand when there is none.
CREATE FUNCTION contract_breach_at(county text, moment timestamptz)
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
    LEFT JOIN (SELECT DISTINCT ON (breach) *, count(*) OVER (PARTITION BY breach) AS taken FROM contract_breach_step
               WHERE contract_breach_step.district = county AND at <= moment ORDER BY breach, id DESC) s
        ON moment IS NOT NULL AND s.breach = b.id
    WHERE b.district = county AND (moment IS NULL OR (b.opened_at <= moment AND s.state IS NOT NULL))
$$;
COMMENT ON FUNCTION contract_breach_at IS 'its version is the number of its steps, the opening among them';
