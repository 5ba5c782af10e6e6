/** What every kind of restore does: hand the plain bytes to the engine, and refuse what does not match the manifest. */
import { Readable } from "node:stream";
import { AppError } from "../../platform/errors.ts";
import { decompressor } from "../archive/compression.ts";
import type { ComparisonReport, RestoreRequest, World } from "../archive/operations.ts";
import { unseal } from "../archive/unseal.ts";
import { loadEngine, type EngineTarget, type EngineWorld, type RestoreFacts } from "../engines/engine.ts";

/** Differences that an error names; the report has all. */
const NAMED_DIFFERENCES = 5;

/** The plain bytes of an archive, checked again as they pass. */
async function plainContent(request: RestoreRequest, signal: AbortSignal): Promise<Readable> {
  const archive = await request.store.get(request.manifest.archive.name, { signal });
  // Whoever reads it hears of its errors; it may break before anybody does.
  archive.on("error", () => undefined);
  const compressed = Readable.from(unseal(archive, request.manifest, request.keys), { objectMode: false, highWaterMark: 1_048_576 });
  const plain = compressed.pipe(decompressor());
  compressed.once("error", (error) => plain.destroy(error));
  plain.once("close", () => compressed.destroy());
  return plain;
}

export type Playing = { request: RestoreRequest; world: World; engineWorld: EngineWorld };

/** Lets the engine write into `target`. */
export async function play({ request, engineWorld }: Playing, target: EngineTarget): Promise<RestoreFacts> {
  const engine = await loadEngine(request.manifest.engine);
  const input = await plainContent(request, engineWorld.signal);
  // The engine reports what breaks its input; an input that breaks after the engine has ended has no reader.
  input.on("error", () => undefined);
  return engine.restore({ input, target, selection: request.selection }, engineWorld);
}

export function refuseDifferences(comparison: ComparisonReport): void {
  if (comparison.isEqual) return;
  const wrong = comparison.differences.filter((difference) => difference.severity === "wrong");
  const named = wrong.slice(0, NAMED_DIFFERENCES).map(({ what, expected, found }) => `${what}: expected ${expected}, found ${found}`);
  throw new AppError("mismatch", `The restored copy is not what the manifest says, so nothing was replaced. ${named.join("; ")}.`);
}
