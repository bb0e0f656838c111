#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# A program behind the guard: what it was told, as JSON.  The token itself it tells nobody.
import json
import os
import re
import sys

cookies = os.environ.get("HTTP_COOKIE", "")
body = sys.stdin.read(int(os.environ.get("CONTENT_LENGTH") or 0))
print("Content-Type: application/json\r\n\r")
print(json.dumps({
    "tenant": os.environ.get("OSC_TENANT"),
    "subject": os.environ.get("OSC_SUBJECT"),
    "token": len(os.environ.get("OSC_ACCESS_TOKEN", "")) > 20,
    "method": os.environ.get("REQUEST_METHOD"),
    "body": body,
    "pathInfo": os.environ.get("PATH_INFO", ""),
    "query": os.environ.get("QUERY_STRING", ""),
    "cookies": re.sub("oscgi=[^;]*", "", cookies),
    "ourCookie": "oscgi=" in cookies,
    "claims": [name for name in os.environ if re.match("HTTP_(X_)?OSC", name)],
    "environment": [name + "=" + value for name, value in os.environ.items()
                    if not name.startswith("HTTP_") and "TOKEN" not in name],
}))
