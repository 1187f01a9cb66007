-- What an admitted project promised, exactly: the quotient of what it declared, the declared figures themselves, and the
-- interval that was asked. Promises frozen before keep the words they had: their exact figure is not known.
ALTER TABLE admission_commitment
    ADD COLUMN asked text,
    ADD COLUMN exact_numerator numeric CHECK (exact_numerator = trunc(exact_numerator)),
    ADD COLUMN exact_denominator numeric CHECK (exact_denominator > 0 AND exact_denominator = trunc(exact_denominator)),
    ADD COLUMN declared jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(declared) = 'object'),
    ADD CONSTRAINT admission_commitment_exact CHECK (
        (exact_numerator IS NULL) = (exact_denominator IS NULL) AND (exact_numerator IS NULL) = (asked IS NULL));
COMMENT ON COLUMN admission_commitment.committed IS 'the declared figure for the eye, in unit: on the binding side never more than the exact one';
COMMENT ON COLUMN admission_commitment.asked IS 'the interval that was asked, [150,)';
COMMENT ON COLUMN admission_commitment.exact_numerator IS 'numerator over denominator is what was declared comes to, in unit';
COMMENT ON COLUMN admission_commitment.declared IS 'the figures it follows from, as declared: {"site_area": {"value": "20000", "unit": "平方米"}}';
