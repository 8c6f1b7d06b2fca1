#!/bin/sh
# A night of soaking from a fresh clone, for cron or any CI: arguments are those of `npm run nightly --`.
set -eu
cd "$(dirname "$0")/.."
npm ci
exec npm run --silent nightly -- "$@"
