-- Looking at results: what a picture of a whole run rests on is read from an index alone, and an industry is found by its division.

DROP INDEX evaluation_result_lies;
CREATE INDEX evaluation_result_lies
    ON evaluation_result (district, run, subdistrict, ranking_group, COALESCE(rank, 2147483647), key) INCLUDE (grade, score);
CREATE INDEX evaluation_result_industry
    ON evaluation_result (district, run, left(industry, 2), ranking_group, COALESCE(rank, 2147483647), key);
