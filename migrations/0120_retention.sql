-- What is kept for a time only is found by its age.

CREATE INDEX job_over ON job (district, finished_at) WHERE state IN ('done', 'failed');
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (district, at);
