/**
 * What a password must be: long, not the owner's address, not one that everybody tries first (NIST SP 800-63B 5.1.1.2).
 * No rules about kinds of characters: length is what counts. The list holds only entries that are long enough otherwise.
 */

export const PASSWORD_MIN_LENGTH = 12;
/** Longer input only costs time to hash. */
export const PASSWORD_MAX_LENGTH = 256;
const MIN_DISTINCT_CHARACTERS = 5;

/** Bases of the commonest long passwords in public leak lists; digits and marks after them do not help. */
const COMMON = [
  "password", "passwordpassword", "passw0rd", "p@ssw0rd", "p@ssword", "letmein", "letmeinletmein", "welcome", "welcometo", "qwertyuiop", "qwertyuiopasdf",
  "qwerty", "qwertyqwerty", "qwertz", "asdfghjkl", "1q2w3e4r5t6y", "1qaz2wsx3edc", "zaq12wsxcde3", "iloveyou", "iloveyousomuch", "administrator",
  "adminadmin", "adminadminadmin", "admin", "changeme", "changemenow", "changemeplease", "changeit", "defaultpassword", "mypassword", "secretpassword",
  "supersecret", "topsecret", "trustno", "sunshine", "princess", "football", "baseball", "basketball", "superman", "dragon", "monkey", "michael",
  "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop", "abc", "test", "testtest", "testpassword", "correcthorsebatterystaple", "correct horse battery staple",
  "whatever", "computer", "internet", "starwars", "seaworthy", "seaworthyadmin", "production", "postgres", "postgrespassword", "root", "rootpassword", "guest", "temporary",
] as const;
const common = new Set<string>(COMMON);
const RUNS = ["01234567890123456789012345678901234567890", "98765432109876543210987654321098765432109876543210"];

/** Says in one sentence why a password is refused; null when it is good. `email` is the account it is for. */
export function passwordProblem(password: string, email: string): string | null {
  if (password.length < PASSWORD_MIN_LENGTH) return `Use at least ${PASSWORD_MIN_LENGTH} characters; this has ${password.length}.`;
  if (password.length > PASSWORD_MAX_LENGTH) return `Use at most ${PASSWORD_MAX_LENGTH} characters.`;
  const lower = password.toLowerCase();
  if (email && (lower === email.toLowerCase() || lower === email.toLowerCase().split("@")[0])) return "Do not use the email address as the password.";
  if (isCommon(lower)) return "This is one of the first passwords that attackers try. Choose another.";
  return null;
}

function isCommon(lower: string): boolean {
  const base = lower.replace(/[^a-z]+$/, "");
  return common.has(lower) || (base !== "" && common.has(base)) || RUNS.some((run) => run.includes(lower)) || new Set(lower).size < MIN_DISTINCT_CHARACTERS;
}
