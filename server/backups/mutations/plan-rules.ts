/** Rules that several changes of plans share. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { holdsRole } from "../../platform/permissions.ts";
import type { PlanSource } from "../schema/plan-source.ts";

/** True when the caller may do what reaches the machine itself: files of the server, replaced databases. */
export const isAdministrator = ({ actor }: Context): boolean => actor.kind === "system" || ((actor.kind === "user" || actor.kind === "apiKey") && holdsRole(actor.role, "admin"));

/** A folder of the server may hold anything that its operating system user can read, so only administrators choose one. */
export function refuseFilesOfOthers(ctx: Context, source: PlanSource): void {
  if (source.kind === "folder" && !isAdministrator(ctx)) throw new AppError("forbidden", "Only an administrator may back up a folder of this machine.");
}

const SLUG_MAX = 50;
const MOST_TRIES = 1_000;

function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, SLUG_MAX)
    .replace(/-+$/, "");
  return slug.length > 1 ? slug : "plan";
}

/** Parts of addresses that are pages of their own. */
const RESERVED = ["new", "stores", "runs", "restores", "drills"];

/** The slug that was asked for. Throws `conflict` when a plan has it, archived ones too. */
export async function freeSlug(ctx: Context, slug: string): Promise<string> {
  if (RESERVED.includes(slug) || (await ctx.db.backupPlan.findUnique({ where: { slug }, select: { id: true } }))) throw new AppError("conflict", `The slug ${slug} is taken. Choose another one.`, { detail: { fields: { slug: "Is taken" } } });
  return slug;
}

/** A slug that no plan has, made from the name. `new` is an address of its own. */
export async function uniqueSlug(ctx: Context, name: string): Promise<string> {
  const wanted = slugOf(name);
  const taken = new Set((await ctx.db.backupPlan.findMany({ where: { slug: { startsWith: wanted } }, select: { slug: true } })).map(({ slug }) => slug));
  for (const reserved of RESERVED) taken.add(reserved);
  for (let n = 1; n <= MOST_TRIES; n++) {
    const slug = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(slug)) return slug;
  }
  throw new AppError("conflict", `There are too many plans called ${name}.`);
}
