-- Further figures of the annual returns: pollutants apart, grid and own electricity, the insured, profit, water, gas. They are rows
-- like the others; what they may be at most stands here. No row on record names one of them, so that there is nothing to validate.

SET LOCAL lock_timeout = '5s';

ALTER TABLE return_figure ADD CONSTRAINT return_figure_further CHECK (superseded_at IS NOT NULL OR CASE indicator
    WHEN 'cod' THEN value BETWEEN 0 AND 1000000000000
    WHEN 'ammonia_nitrogen' THEN value BETWEEN 0 AND 1000000000000
    WHEN 'sulfur_dioxide' THEN value BETWEEN 0 AND 1000000000000
    WHEN 'nitrogen_oxides' THEN value BETWEEN 0 AND 1000000000000
    WHEN 'electricity_grid' THEN value BETWEEN 0 AND 1000000000000
    WHEN 'electricity_own' THEN value BETWEEN 0 AND 1000000000000
    WHEN 'headcount_insured' THEN value BETWEEN 0 AND 10000000
    WHEN 'profit' THEN abs(value) <= 1000000000000
    WHEN 'water' THEN value BETWEEN 0 AND 1000000000
    WHEN 'gas' THEN value BETWEEN 0 AND 1000000000000
    ELSE true END) NOT VALID;
COMMENT ON CONSTRAINT return_figure_further ON return_figure IS
    'a zero says that nothing was let out, generated or used; pollutants in kg, electricity in kWh, profit in yuan, water in tonnes, gas in m³';
