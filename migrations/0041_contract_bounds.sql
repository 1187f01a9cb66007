-- Two supplements may take effect on one day; the same paper only once. Amounts stay within what can be calculated exactly.
DROP INDEX contract_terms_current;
CREATE UNIQUE INDEX contract_terms_current ON contract_terms (district, contract, effective_on, document) WHERE superseded_at IS NULL;
ALTER TABLE contract_terms ADD CHECK (price_yuan < 1e15);
ALTER TABLE contract_event ADD CHECK (amount_yuan < 1e15);
