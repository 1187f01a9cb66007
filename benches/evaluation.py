"""The arithmetic of one run by DuckDB, in whole numbers and DECIMAL, from the tables of a folder: CSV is written as Parquet first, which is
not timed. Then everything is read from Parquet, computed, ranked and graded three times, and compared with the results of the program."""

import pathlib
import sys
import time
from fractions import Fraction

import duckdb

folder = pathlib.Path(sys.argv[1])
TYPES = {
    "enterprise_version": "uscc, industry_edition, industry_code, size_class, state, established_on::date AS established_on,"
    " since::date AS since, until::date AS until",
    "occupancy": "occupant, area_mu::decimal(18, 4) AS area_mu, since::date AS since, until::date AS until",
    "return_figure": "year::smallint AS year, indicator, uscc, value::decimal(18, 6) AS value",
    "industry": "edition, code, section",
    "result": "key, rank::int AS rank, grade",
}
YEAR = 2022
# Numerator, denominator, weight; figures in parts of a millionth, land in ten-thousandths of a mu by days.
INDICATORS = [
    ("tax_paid", "land", 30),
    ("value_added", "land", 20),
    ("value_added", "energy", 15),
    ("value_added", "emission", 10),
    ("value_added", "headcount", 10),
    ("research_spending", "revenue", 15),
]
FIGURES = ["tax_paid", "value_added", "energy", "emission", "headcount", "research_spending", "revenue"]
PARTS = 10**12

database = duckdb.connect()
for table, columns in TYPES.items():
    source, target = folder / f"{table}.csv", folder / f"{table}.parquet"
    database.execute(f"COPY (SELECT {columns} FROM read_csv('{source}', all_varchar = true)) TO '{target}' (FORMAT parquet)")
    source.unlink()


def members(year):
    """Everybody of the category in a year, with land and figures as whole numbers."""
    figures = ", ".join(f"(max(value) FILTER (indicator = '{name}')::decimal(24, 6) * 1000000::decimal(7, 0))::hugeint AS {name}" for name in FIGURES)
    first, after = f"DATE '{year}-01-01'", f"DATE '{year + 1}-01-01'"
    return f"""SELECT v.uscc, v.established_on, l.land, f.* EXCLUDE (uscc)
        FROM (SELECT uscc, arg_max(established_on, since) AS established_on, arg_max(industry_edition, since) AS edition,
                     arg_max(industry_code, since) AS code, arg_max(size_class, since) AS size_class
              FROM '{folder}/enterprise_version.parquet'
              WHERE since < {after} AND (until IS NULL OR until > {first}) AND state = 'operating' GROUP BY uscc) v
        JOIN '{folder}/industry.parquet' i ON i.edition = v.edition AND i.code = v.code AND i.section IN ('B', 'C', 'D')
        LEFT JOIN (SELECT occupant, sum((area_mu::decimal(24, 4) * 10000::decimal(5, 0))::hugeint * (least(coalesce(until, {after}), {after}) - greatest(since, {first})))::hugeint AS land
                   FROM '{folder}/occupancy.parquet' WHERE since < {after} AND (until IS NULL OR until > {first}) GROUP BY occupant) l ON l.occupant = v.uscc
        LEFT JOIN (SELECT uscc, {figures} FROM '{folder}/return_figure.parquet' WHERE year = {year} GROUP BY uscc) f ON f.uscc = v.uscc
        WHERE v.size_class = 'above'"""


def days(year):
    return 366 if year % 4 == 0 else 365


def run():
    sums = {}
    for year in range(YEAR - 3, YEAR):
        columns = ", ".join(
            f"sum({above}) FILTER ({above} IS NOT NULL AND {below} > 0), sum({below}) FILTER ({above} IS NOT NULL AND {below} > 0)"
            for above, below, _ in INDICATORS
        )
        row = database.execute(f"SELECT {columns} FROM ({members(year)})").fetchone()
        for at, (_, below, _) in enumerate(INDICATORS):
            if row[2 * at] is not None:
                over = 10**4 * days(year) if below == "land" else 10**6
                before = sums.get(at, (0, 0))
                sums[at] = (before[0] + Fraction(int(row[2 * at]), 10**6), before[1] + Fraction(int(row[2 * at + 1]), over))
    points = []
    for at, (above, below, weight) in enumerate(INDICATORS):
        base = sums[at][0] / sums[at][1] * Fraction(3, 2)
        # numerator × factor ÷ denominator are points in parts of 10^-12, cut off.
        factor = weight / base * PARTS * Fraction(10**4 * days(YEAR) if below == "land" else 10**6, 10**6)
        scaled = round(factor * 10**3)
        points.append(
            f"CASE WHEN {above} IS NULL OR {below} IS NULL OR {below} <= 0 OR {above} < 0 THEN 0::hugeint"
            f" ELSE least({above} * {scaled}::hugeint // ({below} * 1000), {weight * 3 * PARTS // 2}::hugeint) END AS p{at}"
        )
    total = " + ".join(f"p{at}" for at in range(len(INDICATORS)))
    database.execute(
        f"""CREATE OR REPLACE TABLE graded AS
        WITH ranked AS (SELECT *, rank() OVER (ORDER BY score DESC) AS place, count(*) OVER (PARTITION BY score) AS tied, count(*) OVER () AS n
            FROM (SELECT *, ({total}) AS score FROM (SELECT *, {", ".join(points)} FROM ({members(YEAR)})
                  WHERE established_on <= DATE '{YEAR - 3}-12-31' AND (land IS NULL OR land > 0))))
        SELECT *, CASE WHEN place > n - n * 5 // 100 THEN 'D' WHEN place + tied - 1 <= n * 20 // 100 THEN 'A'
                       WHEN place + tied - 1 <= n * 75 // 100 THEN 'B' ELSE 'C' END AS grade FROM ranked"""
    )


times = []
for _ in range(3):
    began = time.perf_counter()
    run()
    times.append(time.perf_counter() - began)
print("DuckDB", duckdb.__version__, "read, computed and ranked in", ", ".join(f"{one:.2f} s" for one in times))
print(
    "ranked by the program %d, by DuckDB %d, by both %d; other ranks %d, other grades %d"
    % database.execute(
        f"""SELECT count(r.key), count(g.uscc), count(*) FILTER (r.key = g.uscc), count(*) FILTER (r.rank <> g.place), count(*) FILTER (r.grade <> g.grade)
        FROM '{folder}/result.parquet' r FULL JOIN graded g ON g.uscc = r.key"""
    ).fetchone()
)
