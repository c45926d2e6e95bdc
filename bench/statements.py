"""`python -m bench.statements COOKIE=VALUE PATH…`: how many SQL statements each page asks, signed in; prints JSON."""

from __future__ import annotations

import json
import sys

import django

from bench.pages import BadAnswer


def main(cookie: str, paths: list[str]) -> None:
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    name, _sign, value = cookie.partition("=")
    client.cookies[name] = value
    counted = {}
    for path in paths:
        client.get(path)  # reference rows are read once a minute
        with CaptureQueriesContext(connection) as asked:
            status = client.get(path).status_code
        if status != 200:
            raise BadAnswer(f"{path} answered {status}")
        counted[path] = len(asked)
    print(json.dumps(counted))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
