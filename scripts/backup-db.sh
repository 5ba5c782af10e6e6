#!/bin/sh
# The former name of backup-database.sh.
exec "$(dirname -- "$0")/backup-database.sh" "$@"
