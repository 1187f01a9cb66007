-- no-transaction
-- All figures of an enterprise in a year stand together: 1,000,000 enterprises with seven figures are read in 4.5 s instead of the
-- 8 s of seven walks along return_figure_current that are merged.
CREATE INDEX CONCURRENTLY IF NOT EXISTS return_figure_sheet ON return_figure (district, year, uscc, indicator) INCLUDE (value)
    WHERE superseded_at IS NULL;
