/** The numbers of the script that retries many jobs (retry-script.ts). */

/** Jobs of one script: a few milliseconds of the server's time. */
export const RETRY_AT_ONCE = 250;

/** Answers of the library's script. */
export const RETRIED = 1;
export const RETRY_MISSING = -1;
