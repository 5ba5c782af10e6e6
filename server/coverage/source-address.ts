/** Where the text of a file can be read, from the address of its repository. */

/** How the common forges serve a file as it is; `{repository}` is `https://host/owner/name`. */
const FORGES: { host: RegExp; template: (owner: string, origin: string) => string }[] = [
  { host: /^github\.com$/, template: (owner) => `https://raw.githubusercontent.com/${owner}/{commit}/{path}` },
  { host: /(^|\.)gitlab\./, template: (owner, origin) => `${origin}/${owner}/-/raw/{commit}/{path}` },
  { host: /^bitbucket\.org$/, template: (owner, origin) => `${origin}/${owner}/raw/{commit}/{path}` },
  { host: /(^|\.)(codeberg\.org|gitea\.|forgejo\.)/, template: (owner, origin) => `${origin}/${owner}/raw/commit/{commit}/{path}` },
];

/** The template for a repository, or null when its forge is not known. */
export function templateOf(repositoryUrl: string | null): string | null {
  if (!repositoryUrl || !URL.canParse(repositoryUrl)) return null;
  const { hostname, origin, pathname } = new URL(repositoryUrl);
  const owner = pathname.replace(/^\/|\/$/g, "").replace(/\.git$/, "");
  if (owner.split("/").length < 2) return null;
  return FORGES.find(({ host }) => host.test(hostname))?.template(owner, origin) ?? null;
}

/** Fills a template in; each part of the path is encoded, so no path can change the address. */
export function fillIn(template: string, at: { commit: string; path: string }): string {
  const path = at.path.split("/").map(encodeURIComponent).join("/");
  return template.replaceAll("%7B", "{").replaceAll("%7D", "}").replaceAll("{commit}", encodeURIComponent(at.commit)).replaceAll("{path}", path);
}
