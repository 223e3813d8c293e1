"""Prints a fresh access token: python3 token.py CONFIG_KEY CONNECTION_ID

MOORING_SECRET is what `mooring caller secret` prints; MOORING_URL is where Mooring listens.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


def token(config_key, connection_id):
    url = os.environ.get("MOORING_URL", "http://127.0.0.1:3004")
    names = [urllib.parse.quote(name, safe="") for name in (config_key, connection_id)]
    request = urllib.request.Request(f"{url}/v1/connections/{names[0]}/{names[1]}/token?min_ttl=60")
    request.add_header("Authorization", "Bearer " + os.environ["MOORING_SECRET"])
    # No proxy: the secret is for this computer alone.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=150) as answer:
            return json.load(answer)["accessToken"]
    except urllib.error.HTTPError as refused:
        sys.exit(json.load(refused)["error"])


if __name__ == "__main__":
    print(token(*sys.argv[1:3]))
