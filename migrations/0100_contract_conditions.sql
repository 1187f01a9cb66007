-- What a contract makes the condition of handing over, the day on which a verified figure was reached, what was decided of
-- idle land, and notices as they went out beside what was prepared.

-- Contracts on record say nothing of it: the instalments due by the agreed hand-over are taken to be the condition.
ALTER TABLE contract_terms ADD COLUMN hand_over_after text NOT NULL DEFAULT 'due_payments'
    CHECK (hand_over_after IN ('due_payments', 'full_price', 'nothing'));
COMMENT ON COLUMN contract_terms.hand_over_after IS 'what the grantee has to have paid before the grantor owes the land';

ALTER TABLE contract_event ADD COLUMN reached_on date,
    ADD CONSTRAINT contract_event_reached CHECK (reached_on IS NULL OR (kind = 'measured' AND reached_on <= happened_on));
COMMENT ON COLUMN contract_event.reached_on IS 'measured: when it stood so; happened_on is the day it was verified';
-- Rows from before this rule may lack their paper, and can still be corrected.
ALTER TABLE contract_event ADD CONSTRAINT contract_event_decided_on_paper
    CHECK (kind NOT IN ('idle_confirmed', 'idle_settled') OR document IS NOT NULL OR superseded_at IS NOT NULL) NOT VALID;

ALTER TABLE contract_notice
    ADD COLUMN sent_body text,
    ADD COLUMN sent_template text,
    ADD CONSTRAINT contract_notice_sent_text CHECK ((sent_body IS NULL) = (sent_template IS NULL)
        AND (sent_body IS NULL OR sent_on IS NOT NULL));
COMMENT ON COLUMN contract_notice.body IS 'as it was prepared';
COMMENT ON COLUMN contract_notice.sent_body IS 'as it went out, worked out on the day of sending; a notice from before this was sent as prepared';
