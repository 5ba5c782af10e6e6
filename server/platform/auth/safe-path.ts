const ANYWHERE = "http://console.invalid";

/** A path of this console to go to after sign-in; `/` for anything else, so no link can send people to another site. */
export function safePath(text: unknown): string {
  if (typeof text !== "string" || !/^\/(?![/\\])/.test(text)) return "/";
  const url = URL.parse(text, ANYWHERE);
  return url && url.origin === ANYWHERE && !url.pathname.startsWith("//") ? `${url.pathname}${url.search}${url.hash}` : "/";
}
