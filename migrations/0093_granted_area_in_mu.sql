-- What a contract grants is kept in mu as it was agreed, as uses of land are.
ALTER TABLE contract_terms ALTER COLUMN granted_area_m2 TYPE numeric USING
    CASE WHEN min_scale(granted_area_m2) >= 9 AND round(round(granted_area_m2 * 0.0015, 8) * 2000 / 3, 10) = granted_area_m2
         THEN trim_scale(round(granted_area_m2 * 0.0015, 8)) ELSE granted_area_m2 * 0.0015 END;
ALTER TABLE contract_terms RENAME COLUMN granted_area_m2 TO granted_area_mu;
COMMENT ON COLUMN contract_terms.granted_area_mu IS 'a figure of the contract in mu, exactly as it was agreed; not the area of the parcel';

-- The bounds of src/base/bounds.rs, for what is recorded from now on.
ALTER TABLE contract_terms ADD CONSTRAINT contract_terms_plausible CHECK (superseded_at IS NOT NULL OR (
    granted_area_mu <= 1500000 AND min_scale(granted_area_mu) <= 16
    AND price_yuan <= 1000000000000
    AND (planned_investment_yuan IS NULL OR planned_investment_yuan <= 1000000000000))) NOT VALID;
ALTER TABLE contract_event ADD CONSTRAINT contract_event_plausible CHECK (superseded_at IS NOT NULL
    OR amount_yuan IS NULL OR amount_yuan <= 1000000000000) NOT VALID;

-- A judgement of blanks gives no reason.
ALTER TABLE admission_judgement ADD CONSTRAINT admission_judgement_reason CHECK (btrim(reason) <> '' AND btrim(by_name) <> '') NOT VALID;
ALTER TABLE admission_set_aside ADD CONSTRAINT admission_set_aside_reason CHECK (btrim(reason) <> '') NOT VALID;
