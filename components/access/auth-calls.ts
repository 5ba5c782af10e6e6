/** Signing in by next-auth's own addresses, without its client. */

type FailureBody = { error?: { code?: string; message?: string } };

const NO_ANSWER = "The server did not answer. Nothing was changed; try again in a moment.";

/** Why signing in failed, in words for the person. */
export class SignInRefusal extends Error {
  /** True when the password was right and a code of the second factor is missing. */
  readonly needsCode: boolean;

  constructor(message: string, needsCode = false) {
    super(message);
    this.name = "SignInRefusal";
    this.needsCode = needsCode;
  }
}

export type Credentials = { email: string; password: string; code?: string };

/** Opens a session in this browser. Rejects with SignInRefusal. */
export async function signIn({ email, password, code = "" }: Credentials): Promise<void> {
  const csrf = await send("/api/auth/csrf");
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  await send("/api/auth/callback/credentials", new URLSearchParams({ email, password, code, csrfToken, json: "true" }));
}

async function send(url: string, body?: URLSearchParams): Promise<Response> {
  const answer = await fetch(url, body ? { method: "POST", body } : {}).catch(() => null);
  if (!answer) throw new SignInRefusal(NO_ANSWER);
  if (answer.ok) return answer;
  const { error } = (await answer.json().catch(() => ({}))) as FailureBody;
  throw new SignInRefusal(error?.message ?? NO_ANSWER, error?.code === "precondition");
}
