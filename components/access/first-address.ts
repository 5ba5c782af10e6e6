/** Addresses that rarely have a certificate. */
const LOCAL = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\])(:|\/|$)/i;

/** What a person types as the address of a first service, completed and named; null when it is no address. */
export function readAddress(text: string): { name: string; address: string } | null {
  const typed = text.trim();
  if (typed === "" || /\s/.test(typed)) return null;
  const scheme = LOCAL.test(typed) ? "http" : "https";
  const url = URL.parse(/^[a-z][a-z+.-]*:\/\//i.test(typed) ? typed : `${scheme}://${typed}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") return null;
  return { name: url.host.replace(/^www\./, ""), address: url.href };
}
