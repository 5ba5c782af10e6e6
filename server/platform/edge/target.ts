/**
 * The path of a request must mean the same to everybody who reads it: the edge, which sorts it by its prefix, the
 * framework and a proxy in front. Empty and dot segments, backslashes and control characters, plain or encoded, do not,
 * so they are refused before anything is decided by the path.
 */

const EMPTY_SEGMENT = /\/(\/|%2f)|%2f(\/|%2f)/i;
const DOT_SEGMENT = /(\/|%2f)(\.|%2e){1,2}(\/|%2f|$)/i;
const BACKSLASH = /\\|%5c/i;
// Raw ones never pass the HTTP parser.
const CONTROL = /%[01][0-9a-f]|%7f/i;
const LONE_PERCENT = /%(?![0-9a-f]{2})/i;

/** True for an absolute path that everybody reads alike. */
export function isPlainPath(path: string): boolean {
  return path.startsWith("/") && ![EMPTY_SEGMENT, DOT_SEGMENT, BACKSLASH, CONTROL, LONE_PERCENT].some((trap) => trap.test(path));
}
