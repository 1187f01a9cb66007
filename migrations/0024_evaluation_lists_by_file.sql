-- Platforms and members of dated lists come by file as the other lists of the evaluation do.

SET LOCAL lock_timeout = '5s';

ALTER TABLE staging_evaluation ADD COLUMN name text, ADD COLUMN level smallint;
COMMENT ON COLUMN staging_evaluation.uscc IS 'whom the row is of: a credit code, or the code of a platform or of a parcel';
COMMENT ON COLUMN staging_evaluation.kind IS 'of a veto, an exemption or a platform; the item of a claim; the name of a list';
COMMENT ON COLUMN staging_evaluation.side IS 'of a claim; what stands on a list';
COMMENT ON COLUMN staging_evaluation.amount IS 'how often of a claim; the value of a coefficient; mu of a platform';
COMMENT ON COLUMN staging_evaluation.name IS 'of a platform';
COMMENT ON COLUMN staging_evaluation.level IS 'stars or level of a platform';
