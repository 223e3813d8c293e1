#!/bin/sh
# Prints a fresh access token, with curl: sh token.sh CONFIG_KEY CONNECTION_ID
# MOORING_SECRET is what `mooring caller secret` prints; MOORING_URL is where Mooring listens.
set -eu
url="${MOORING_URL:-http://127.0.0.1:3004}"
# The secret goes through standard input: arguments can be read by every program.
answer=$(
  printf 'header = "Authorization: Bearer %s"\n' "$MOORING_SECRET" |
    curl --config - --noproxy '*' --fail-with-body --silent --show-error \
      "$url/v1/connections/$1/$2/token?min_ttl=60"
) || { printf '%s\n' "$answer" >&2; exit 1; }
printf '%s\n' "$answer" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/'
