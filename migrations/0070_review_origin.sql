-- Where a review among the events of a contract comes from. One concluded here has its row in contract_review and a receipt;
-- one carried over from a file happened before its contract was kept here and has neither. No other review is recorded.
ALTER TABLE contract_event ADD COLUMN review_origin text CHECK (review_origin IN ('concluded', 'historic'));
UPDATE contract_event e SET review_origin = CASE
    WHEN EXISTS (SELECT FROM contract_review r WHERE r.district = e.district AND r.event = e.id) THEN 'concluded' ELSE 'historic' END
    WHERE e.outcome IS NOT NULL;
ALTER TABLE contract_event ADD CONSTRAINT contract_event_review_origin CHECK ((review_origin IS NOT NULL) = (outcome IS NOT NULL));
COMMENT ON COLUMN contract_event.review_origin IS
    'concluded: in the review room, with a receipt; historic: from a file, of the time before the contract was entered here';
