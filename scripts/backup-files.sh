#!/bin/sh
# Takes one encrypted backup of a folder, copies it off-site when a bucket is named, and removes old ones.
# A thin layer over `npm run cli -- backup`, for cron and for hands.
#
# Environment:
#   DATA_DIR        folder to back up                  (.seaworthy); the embedded database is left out, it has backups of its own
#   BACKUP_DIR      folder for backups                 (/var/backups/seaworthy-files)
#   RETENTION_DAYS  days that local backups stay       (30, at least 7)
#   BACKUP_KEY_FILE key ring or recovery kit           (SEAWORTHY_KEYRING_FILE, or .seaworthy/keyring.json)
#   S3_BUCKET       bucket for a second copy under file-backups/ (none)
#   S3_ENDPOINT     address of the object store        (Amazon's, by AWS_REGION)
#   S3_RETENTION_DAYS days that copies in the bucket stay (30, at least 7)
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
DATA_DIR=${DATA_DIR:-$root/.seaworthy}
[ -d "$DATA_DIR" ] || { echo "$DATA_DIR is not a folder. Nothing was backed up." >&2; exit 2; }

BACKUP_DIR=${BACKUP_DIR:-/var/backups/seaworthy-files}
S3_RETENTION_DAYS=${S3_RETENTION_DAYS:-30}
run_backup "folder $DATA_DIR" seaworthy-files file-backups --folder "$DATA_DIR" --exclude postgres --exclude scratch
