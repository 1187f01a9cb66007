"""Writes the statements that draw tiles, with their parameters, from a JSON log of PostgreSQL: one file for pgbench each."""

import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
count = 0
for line in sys.stdin:
    entry = json.loads(line)
    found = re.match(r"duration: [0-9.]+ ms  execute [^:]*: (.*)", entry.get("message", ""), re.S)
    if not found or "ST_AsMVT(" not in found[1]:
        continue
    values = dict(re.findall(r"\$([0-9]+) = ('(?:[^']|'')*'|NULL)", entry.get("detail", "")))
    statement = re.sub(r"\$([0-9]+)", lambda place: values[place[1]], found[1])
    count += 1
    # pgbench ends a statement at a semicolon, and takes a colon before a name for a variable; casts have two.
    (folder / f"{count:03}.sql").write_text(" ".join(statement.split()) + ";\n")
