"""Runs the commands of Fixtures/reader in one process: `python drive_reader.py FOLDER-OF-THE-READER`.

Reads one JSON list of arguments a line, and answers each with one JSON line: {"status": …, "output": …}.
"""

import contextlib
import io
import json
import sys

sys.path.insert(0, sys.argv[1])
import chain_reader  # noqa: E402 (its folder is an argument)

for line in sys.stdin:
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            status = chain_reader.main(json.loads(line))
    except SystemExit as leaving:
        status = leaving.code
    print(json.dumps({"status": status, "output": output.getvalue()}), flush=True)
