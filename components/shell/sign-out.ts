/** Ends this browser's session at next-auth's own address and leaves for the sign-in page. */
export async function signOut(): Promise<void> {
  const answer = await fetch("/api/auth/csrf");
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  await fetch("/api/auth/signout", { method: "POST", body: new URLSearchParams({ csrfToken, callbackUrl: "/sign-in", json: "true" }) });
  window.location.assign("/sign-in");
}
