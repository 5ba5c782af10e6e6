/** Signing in by next-auth's own addresses, without its client. */

type FailureBody = { error?: { message?: string } };

const NO_ANSWER = "The server did not answer. Nothing was changed; try again in a moment.";

/** Opens a session in this browser. Rejects with an Error whose message is for the person. */
export async function signIn(input: { email: string; password: string }): Promise<void> {
  const csrf = await send("/api/auth/csrf");
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  await send("/api/auth/callback/credentials", new URLSearchParams({ ...input, csrfToken, json: "true" }));
}

async function send(url: string, body?: URLSearchParams): Promise<Response> {
  const answer = await fetch(url, body ? { method: "POST", body } : {}).catch(() => null);
  if (!answer) throw new Error(NO_ANSWER);
  if (answer.ok) return answer;
  const failure = (await answer.json().catch(() => ({}))) as FailureBody;
  throw new Error(failure.error?.message ?? NO_ANSWER);
}
