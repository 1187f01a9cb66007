-- A set that is shown as an example, and that the district has not adopted, is the ground of no decision.
-- Opinions that were already given stay as they are.
ALTER TABLE admission_decision ADD CONSTRAINT admission_decision_on_adopted_set
    CHECK ((document::jsonb #>> '{set,adoption}') IS DISTINCT FROM 'example') NOT VALID;
