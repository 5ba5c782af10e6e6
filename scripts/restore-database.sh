#!/bin/sh
# Replaces a PostgreSQL database by a backup, after asking. The backup is proven before the database is touched, and the
# former database is kept under another name.
# A thin layer over `npm run cli -- backup`.
#
# Usage: restore-database.sh <backup> | latest
#
# Environment:
#   DB_HOST (localhost)  DB_PORT (5432)  DB_NAME (seaworthy)  DB_USER (seaworthy)  DB_PASSWORD (required)
#   BACKUP_DIR      folder that holds the backups      (/var/backups/seaworthy)
#   S3_BUCKET       read from this bucket, under backups/, instead of BACKUP_DIR (none)
#   S3_ENDPOINT, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION for the bucket
#   BACKUP_KEY_FILE key ring or recovery kit           (SEAWORTHY_KEYRING_FILE, or .seaworthy/keyring.json)
#
# Exit codes: 0 done or cancelled, 1 failed or no backup named, 2 wrong use.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/backup-environment.sh"

usage() { sed -n '2,/^set /p' "$0" | sed -n 's/^# \{0,1\}//p'; }

case ${1-} in
  -h | --help) usage; exit 0 ;;
  '') usage >&2; exit 1 ;;
esac
[ $# -eq 1 ] || { usage >&2; exit 2; }
[ -n "${DB_PASSWORD-}" ] || { echo "DB_PASSWORD is not set. Nothing was changed." >&2; exit 2; }
export DB_HOST="${DB_HOST:-localhost}" DB_PORT="${DB_PORT:-5432}" DB_NAME="${DB_NAME:-seaworthy}" DB_USER="${DB_USER:-seaworthy}" DB_PASSWORD
require_key

name="${DB_NAME}-backup"
store=${BACKUP_DIR:-/var/backups/seaworthy}
[ -z "${S3_BUCKET-}" ] || store=$(bucket_store backups)

echo "The database $DB_NAME at $DB_HOST:$DB_PORT will be replaced by the backup $1."
echo "Everything written since that backup will be missing. The present database is kept under another name."
printf 'Type yes to go on: '
read -r answer || answer=
if [ "$answer" != yes ]; then
  echo "Cancelled. Nothing was changed."
  exit 0
fi

say "Restore of $DB_NAME begins"
cli restore --backup "$(basename -- "$1")" --name "$name" --key-file "$BACKUP_KEY_FILE" --store "$store" --to parts --replace --confirm "$DB_NAME"
say "Restore of $DB_NAME is done"
