# Read by the backup scripts, never run: settings they share, and the run itself. Expects `root`.

# What is made here is for its owner alone.
umask 077
RETENTION_DAYS=${RETENTION_DAYS:-30}
BACKUP_KEY_FILE=${BACKUP_KEY_FILE:-${SEAWORTHY_KEYRING_FILE:-$root/.seaworthy/keyring.json}}
node=$(command -v "$root/node_modules/.bin/node" || command -v node) || { echo "Node.js is not installed." >&2; exit 1; }

cli() { "$node" "$root/scripts/cli.mjs" backup "$@"; }

say() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"; }

require_key() {
  [ -r "$BACKUP_KEY_FILE" ] || { echo "The key file $BACKUP_KEY_FILE cannot be read. Set BACKUP_KEY_FILE to a key ring or recovery kit." >&2; exit 2; }
}

# Shorter times would leave nobody a week to notice a mistake.
require_days() {
  case $2 in '' | *[!0-9]*) echo "$1 must be a whole number of days." >&2; exit 2 ;; esac
  [ "$2" -ge 7 ] || { echo "$1 must be at least 7." >&2; exit 2; }
}

bucket_store() { echo "s3://$S3_BUCKET/$1${S3_ENDPOINT:+?endpoint=$S3_ENDPOINT}"; }

# run_backup <what> <name> <prefix in the bucket> <options of `backup take`…>
run_backup() {
  what=$1 name=$2 prefix=$3
  shift 3
  require_key
  require_days RETENTION_DAYS "$RETENTION_DAYS"
  require_days S3_RETENTION_DAYS "${S3_RETENTION_DAYS:-90}"
  mkdir -p "$BACKUP_DIR"
  say "Backup of $what begins, into $BACKUP_DIR${S3_BUCKET:+ and bucket $S3_BUCKET}"
  if [ -n "${S3_BUCKET-}" ]; then
    cli take --name "$name" --key-file "$BACKUP_KEY_FILE" --store "$BACKUP_DIR" --store "$(bucket_store "$prefix")" "$@"
    cli prune --name "$name" --key-file "$BACKUP_KEY_FILE" --store "$(bucket_store "$prefix")" --older-than-days "${S3_RETENTION_DAYS:-90}"
  else
    cli take --name "$name" --key-file "$BACKUP_KEY_FILE" --store "$BACKUP_DIR" "$@"
  fi
  cli prune --name "$name" --key-file "$BACKUP_KEY_FILE" --store "$BACKUP_DIR" --older-than-days "$RETENTION_DAYS"
  say "Backup of $what is done"
}
