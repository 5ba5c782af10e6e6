/** Texts of source files, so that lines can be shown without asking the repository. */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { pathMapper } from "../paths.ts";
import { findCovered } from "../queries/policy.ts";
import type { PushSources } from "../schema/index.ts";
import { assertOpen } from "./commits.ts";
import { saveTexts } from "./content.ts";

/** Keeps texts of files at a commit; a text that any commit had before is stored once. Throws `invalid` for impossible paths. */
export async function pushSources(ctx: Context, input: PushSources): Promise<{ stored: number }> {
  const toPath = pathMapper([], {});
  const files = input.files.map(({ path, text }) => ({ path: toPath(path), text }));
  if (files.some(({ path }) => path === null)) throw new AppError("invalid", "A path lies outside the repository. Nothing was kept.");
  return inTransaction(ctx, async (tx) => {
    const { service } = await findCovered(tx, input.service);
    assertOpen(service);
    const names = await saveTexts(tx, files.map(({ text }) => text));
    const rows = files.map(({ path }, index) => ({ serviceId: service.id, commit: input.commit, path: path!, textName: Buffer.from(names[index]!, "hex") }));
    const { count } = await tx.db.coverageSource.createMany({ data: rows, skipDuplicates: true });
    await audit(tx, { action: "coverage.sources", target: { kind: "service", id: service.id }, summary: `Took ${files.length === 1 ? "1 source file" : `${files.length} source files`} of ${service.name}, ${input.commit.slice(0, 7)}`, after: { commit: input.commit, files: files.length, new: count } });
    return { stored: count };
  });
}
