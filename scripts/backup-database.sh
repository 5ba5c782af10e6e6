#!/bin/sh
# Takes one encrypted backup of a PostgreSQL database, copies it off-site when a bucket is named, and removes old ones.
# A thin layer over `npm run cli -- backup`, for cron and for hands.
#
# Environment:
#   DB_HOST (localhost)  DB_PORT (5432)  DB_NAME (seaworthy)  DB_USER (seaworthy)  DB_PASSWORD (required)
#   BACKUP_DIR      folder for backups                 (/var/backups/seaworthy)
#   RETENTION_DAYS  days that local backups stay       (30, at least 7)
#   BACKUP_KEY_FILE key ring or recovery kit           (SEAWORTHY_KEYRING_FILE, or .seaworthy/keyring.json)
#   S3_BUCKET       bucket for a second copy under backups/ (none)
#   S3_ENDPOINT     address of the object store        (Amazon's, by AWS_REGION)
#   S3_RETENTION_DAYS days that copies in the bucket stay (90, at least 7)
#   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION for the bucket
#
# Exit codes: 0 done, 1 failed, 2 wrong use.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/backup-environment.sh"

case ${1-} in
  -h | --help) sed -n '2,/^set /p' "$0" | sed -n 's/^# \{0,1\}//p'; exit 0 ;;
  ?*) echo "Usage: $0   (settings come from the environment; see --help)" >&2; exit 2 ;;
esac
[ -n "${DB_PASSWORD-}" ] || { echo "DB_PASSWORD is not set. Nothing was backed up." >&2; exit 2; }
export DB_HOST="${DB_HOST:-localhost}" DB_PORT="${DB_PORT:-5432}" DB_NAME="${DB_NAME:-seaworthy}" DB_USER="${DB_USER:-seaworthy}" DB_PASSWORD

BACKUP_DIR=${BACKUP_DIR:-/var/backups/seaworthy}
name="${DB_NAME}-backup"
run_backup "database $DB_NAME at $DB_HOST:$DB_PORT" "$name" backups --database parts
