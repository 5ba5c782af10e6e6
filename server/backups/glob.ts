/** Globs over `schema.table`: `*` stands for any text, everything else for itself. */

/** True when `text` matches `glob`. Linear in both: greedy matching that goes back to the last star only. */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let inGlob = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (glob[inGlob] === "*") {
      star = inGlob++;
      resume = at;
    } else if (glob[inGlob] === text[at]) {
      inGlob++;
      at++;
    } else if (star >= 0) {
      inGlob = star + 1;
      at = ++resume;
    } else return false;
  }
  while (glob[inGlob] === "*") inGlob++;
  return inGlob === glob.length;
}
