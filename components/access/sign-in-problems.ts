/** What the sign-in page says when single sign-on led back to it. The address carries only one of these words. */
const SENTENCES: Readonly<Record<string, string>> = {
  forbidden: "The issuer knows you, but this console has no account for you, or it is disabled. Ask an administrator for an invitation.",
  invalid: "The issuer told no verified email address that may sign in here. Nothing was changed.",
  precondition: "Signing in at the issuer was not completed.",
  conflict: "Your account was changed at this moment. Try again.",
  limit: "Too many failed sign-ins from this address. Wait, then try again.",
  unavailable: "The issuer did not answer as expected. Sign in with a password, or try again in a moment.",
  unauthorized: "The issuer's answer could not be trusted, or came too late. Begin again.",
};
const OTHER = "Single sign-on did not work. Sign in with a password, or try again in a moment.";

/** The sentence for the word in the address; null for no word. */
export function signInProblem(word: unknown): string | null {
  if (typeof word !== "string" || word === "") return null;
  return Object.hasOwn(SENTENCES, word) ? (SENTENCES[word] ?? OTHER) : OTHER;
}
