"""Writes the statements that draw tiles, with their parameters, from a JSON log of PostgreSQL, one file for pgbench each:
into prepared/ as the server sends them, prepared once for all parameters, and into plain/ with the values written in."""

import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
for kind in ("prepared", "plain"):
    (folder / kind).mkdir(parents=True)
count = 0
for line in sys.stdin:
    entry = json.loads(line)
    found = re.match(r"duration: [0-9.]+ ms  execute [^:]*: (.*)", entry.get("message", ""), re.S)
    if not found or "ST_AsMVT(" not in found[1]:
        continue
    # pgbench ends a statement at a semicolon, and takes a colon before a name for a variable; casts have two.
    statement = " ".join(found[1].split())
    values = dict(re.findall(r"\$([0-9]+) = ('(?:[^']|'')*'|NULL)", entry.get("detail", "")))
    in_order = ", ".join(values[place] for place in sorted(values, key=int))
    name = f"{count:03}.sql"
    (folder / "prepared" / name).write_text(
        f"\\if :ready\n\\else\nPREPARE tile AS {statement};\n\\set ready 1\n\\endif\nEXECUTE tile ({in_order});\n"
    )
    written_in = re.sub(r"\$([0-9]+)", lambda place: values[place[1]], statement)
    (folder / "plain" / name).write_text(f"{written_in};\n")
    count += 1
