-- The lines of a run are written before the run that they belong to: it names the receipt over all of them, and that is known when the
-- last of a million is printed. Checked at once as before, unless a transaction asks for the check at its end.

SET LOCAL lock_timeout = '5s';

ALTER TABLE evaluation_result ALTER CONSTRAINT evaluation_result_district_run_fkey DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE evaluation_left_out ALTER CONSTRAINT evaluation_left_out_district_run_fkey DEFERRABLE INITIALLY IMMEDIATE;
