/** What every push says of itself: which service, commit, branch and flag; from options first, then from the CI system. */
import { CliError, EXIT, required, text, type Option, type Options, type World } from "./command.ts";

export const EVIDENCE_OPTIONS: readonly Option[] = [
  { name: "service", value: "slug", about: "the service it belongs to" },
  { name: "commit", value: "hash", about: "otherwise from the CI system or git" },
  { name: "branch", value: "name", about: "otherwise from the CI system or git" },
];

export const FLAG_OPTION: Option = { name: "flag", value: "name", about: "unit (as without it), integration, e2e, …" };

export type Evidence = { service: string; commit: string; branch: string | undefined; pullRequest: string | undefined };

/** Throws CliError when the service is not given, or when no commit is known. */
export function evidenceOf(world: World, options: Options): Evidence {
  const service = required(options, "service");
  const commit = text(options, "commit") ?? world.ci.commit;
  if (!commit) throw new CliError("--commit is missing: neither a CI system nor git says which commit this is.", EXIT.usage);
  return { service, commit, branch: text(options, "branch") ?? world.ci.branch ?? undefined, pullRequest: world.ci.pullRequest ?? undefined };
}
