/**
 * Takes one backup: the engine reads, Zstandard compresses, frames are sealed and go to every store at once; when all of
 * it has ended well, the signed manifest is written last. Nothing unencrypted touches the disk.
 */
import fs from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../platform/errors.ts";
import { loadEngine, type DumpFacts, type Progress } from "../engines/engine.ts";
import type { Source } from "../engines/source.ts";
import { MANIFEST_FORMAT, type Manifest } from "../schema/manifest.ts";
import { BlockWriter } from "./blocks.ts";
import { compress } from "./compression.ts";
import { fanOut, type FanOut } from "./fan-out.ts";
import { backupNames } from "./names.ts";
import { endOf, leftBehind } from "./left-behind.ts";
import type { TakeBackup, TakeRequest, World } from "./operations.ts";
import { publishManifest } from "./publish.ts";
import { createSeal, type Seal } from "./seal.ts";
import { encodeManifest } from "./signed-manifest.ts";

/** Progress four times a second is as much as a person can follow. */
const REPORT_EVERY_MS = 250;
const PRIVATE_DIR = 0o700;

const SOURCE_KINDS = { postgres: "postgres", folder: "folder", bucket: "bucket" } as const satisfies Record<Source["kind"], Manifest["source"]["kind"]>;

/** Gathers and counts plain bytes, and tells the caller about progress. */
function meter(request: TakeRequest, seal: Seal) {
  let plainBytes = 0;
  let reportedAt = 0;
  let latest: Progress = { bytes: 0, done: 0, total: null, current: null };
  const report = (phase: "reading" | "finishing", isForced = false) => {
    const now = performance.now();
    if (!isForced && now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    request.onProgress({ ...latest, bytes: plainBytes, phase, archiveBytes: seal.facts().bytes });
  };
  const writer = new BlockWriter((bytes) => {
    plainBytes += bytes;
    report("reading");
  });
  return { writer, report, bytes: () => plainBytes, onProgress: (progress: Progress) => { latest = progress; report("reading"); } };
}

/** Runs engine and pipeline side by side; the first to fail stops the other and is the error that counts. */
async function together(work: { controller: AbortController; dump: () => Promise<DumpFacts>; pump: () => Promise<void> }): Promise<DumpFacts> {
  let first: unknown = null;
  const guarded = async <T>(run: () => Promise<T>): Promise<T | null> => {
    try {
      return await run();
    } catch (error) {
      first ??= error;
      work.controller.abort(error);
      return null;
    }
  };
  const [facts] = await Promise.all([guarded(work.dump), guarded(work.pump)]);
  if (first !== null || facts === null) throw first ?? new Error("The engine ended without facts.");
  return facts;
}

async function stream(request: TakeRequest, parts: { world: World; seal: Seal; fan: FanOut; scratchDir: string; controller: AbortController }): Promise<{ facts: DumpFacts; plainBytes: number }> {
  const { world, seal, fan, controller } = parts;
  const engine = await loadEngine(request.engine.kind);
  const gauge = meter(request, seal);
  // Whoever destroyed it has the error already.
  gauge.writer.on("error", () => undefined);
  controller.signal.addEventListener("abort", () => gauge.writer.destroy(controller.signal.reason as Error), { once: true });
  const engineWorld = { http: world.http, now: world.now, signal: controller.signal, onProgress: gauge.onProgress, scratchDir: parts.scratchDir };
  const facts = await together({
    controller,
    dump: () => engine.dump({ source: request.source, out: gauge.writer, settings: request.settings }, engineWorld),
    pump: () =>
      pipeline(gauge.writer.blocks(), compress, seal.seal, async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) await fan.push(piece);
      }, { signal: controller.signal }),
  });
  gauge.report("finishing", true);
  return { facts, plainBytes: gauge.bytes() };
}

function manifestOf(request: TakeRequest, made: { facts: DumpFacts; plainBytes: number; seal: Seal; archiveName: string; startedAt: Date; finishedAt: Date }): Manifest {
  const { facts } = made;
  const archive = made.seal.facts();
  return {
    format: MANIFEST_FORMAT,
    id: request.id,
    plan: request.plan,
    trigger: request.trigger,
    source: { kind: SOURCE_KINDS[request.source.kind], label: request.sourceLabel, version: facts.version, fingerprint: facts.fingerprint },
    engine: request.engine.kind,
    engineReason: request.engine.reason,
    tools: { ...facts.tools, node: process.versions.node },
    startedAt: made.startedAt.toISOString(),
    finishedAt: made.finishedAt.toISOString(),
    dataAsOf: facts.dataAsOf.toISOString(),
    content: facts.content,
    plainBytes: made.plainBytes,
    keyId: request.keys.current,
    archive: { name: made.archiveName, compression: "zstd", ...archive },
  };
}

/** Does `work`; when it fails, no store keeps anything of the archive, and what one keeps all the same is told. */
async function sealInto<T>(fan: FanOut, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const left = await fan.fail(error instanceof Error ? error : new Error(String(error)));
    throw left.length === 0 ? error : leftBehind(endOf(signal, error), left.join(" "));
  }
}

export const takeBackup: TakeBackup = async (request, world) => {
  const controller = new AbortController();
  const stop = () => controller.abort(world.signal?.reason);
  world.signal?.addEventListener("abort", stop, { once: true });
  if (world.signal?.aborted) stop();
  const startedAt = world.now();
  const names = backupNames({ plan: request.plan.name, id: request.id, at: startedAt });
  await fs.mkdir(request.scratchParent, { recursive: true, mode: PRIVATE_DIR });
  const scratchDir = await fs.mkdtemp(path.join(request.scratchParent, "backup-"));
  const seal = createSeal({ backupId: request.id, keys: request.keys, cipher: request.cipher });
  const fan = fanOut(request.stores, names.archive, controller.signal);
  try {
    const sealed = await sealInto(fan, world.signal, async () => {
      const { facts, plainBytes } = await stream(request, { world, seal, fan, scratchDir, controller });
      const deliveries = await fan.end();
      controller.signal.throwIfAborted();
      const manifest = manifestOf(request, { facts, plainBytes, seal, archiveName: names.archive, startedAt, finishedAt: world.now() });
      return { deliveries, manifest, bytes: encodeManifest(manifest, request.keys) };
    });
    const stores = await publishManifest(request.stores, sealed.deliveries, { name: names.manifest, bytes: sealed.bytes, archive: sealed.manifest.archive });
    if (stores.every((outcome) => !outcome.isStored)) {
      throw new AppError("unavailable", `No store holds the backup: ${stores.map((outcome) => outcome.problem).join(" ")}`);
    }
    return { manifest: sealed.manifest, manifestName: names.manifest, stores };
  } catch (error) {
    throw endOf(world.signal, error);
  } finally {
    world.signal?.removeEventListener("abort", stop);
    await fs.rm(scratchDir, { recursive: true, force: true });
  }
};
