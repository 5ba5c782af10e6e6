/**
 * What a run will meet, asked before a plan is saved and before every run: source and rights, server against tools, and for
 * every store whether it takes and gives objects and has room for 1.2 times what the last backup weighed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import type { Context } from "../platform/context.ts";
import { toAppError } from "../platform/errors.ts";
import { drillServerAt, lookAtDrillServer } from "./drill-server.ts";
import { chooseEngine, type Choice } from "./engines/choose.ts";
import type { EngineWorld, Finding, Preflight } from "./engines/engine.ts";
import type { Source } from "./engines/source.ts";
import { drillExtensions } from "./extensions.ts";
import type { EngineKind } from "./schema/manifest.ts";
import type { Store } from "./stores/store.ts";
import { sizeInWords } from "./units.ts";
import { scratchParent } from "./world.ts";

export type PreflightRequest = {
  source: Source;
  wish: EngineKind | "auto";
  stores: { id: string; name: string; store: Store }[];
  /** What the last backup weighed; null when there was none. */
  lastBytes: number | null;
  /** The server on which drills of the plan restore; null for a throw-away one. */
  drillServerUrl: string | null;
};

export type PreflightReport = {
  findings: Finding[];
  mayRun: boolean;
  version: string | null;
  sourceBytes: number | null;
  choice: Choice;
  /** Stores that may be used now. */
  usable: string[];
  /** What each store answered, for its own page. */
  stores: StoreReport[];
  /** Why the drill server may not be used at all: it is the source. */
  drillServerProblem: string | null;
};

export type StoreReport = { id: string; problem: string | null; freeBytes: number | null; isVersioned: boolean | null; isLocked: boolean | null };

/** Room for growth, and for the copy that is written before an old one is deleted. */
const SPACE_FACTOR = 1.2;
/** Longest that a source or a store may take to answer. */
export const PREFLIGHT_TIMEOUT_MS = 20_000;

/** The major version in `17.2`. */
const majorOf = (version: string | null): number | null => (version === null ? null : Number.parseInt(version, 10) || null);

/** Tests one store and judges its room. Never throws except when aborted. */
export async function checkStore(store: Store, options: { lastBytes: number | null; signal: AbortSignal }): Promise<Omit<StoreReport, "id">> {
  try {
    const facts = await store.check(options.signal);
    const needed = options.lastBytes === null ? 0 : options.lastBytes * SPACE_FACTOR;
    const problem = facts.freeBytes !== null && facts.freeBytes < needed ? `The disk is nearly full: ${sizeInWords(facts.freeBytes)} free, ${sizeInWords(Math.round(needed))} needed.` : null;
    return { ...facts, problem };
  } catch (error) {
    options.signal.throwIfAborted();
    return { problem: toAppError(error).message, freeBytes: null, isVersioned: null, isLocked: null };
  }
}

/** Looks at a source without the engines that write: the web asks this, and must not carry their programs. */
async function askSource(source: Source, world: EngineWorld): Promise<Preflight> {
  switch (source.kind) {
    case "postgres":
      return (await import("./engines/postgres/dump.ts")).preflightDatabase(source, world);
    case "folder":
      return (await import("./engines/folder/engine.ts")).folderEngine.preflight(source, world);
    case "bucket":
      return (await import("./engines/objects/engine.ts")).objectsEngine.preflight(source, world);
    default:
      return source satisfies never;
  }
}

/** Asks the source, and decides which engine reads it. */
async function checkSource(ctx: Context, request: PreflightRequest, signal: AbortSignal) {
  const { findPgDump } = await import("./engines/pg-dump/client.ts");
  const client = request.source.kind === "postgres" ? await findPgDump() : null;
  const scratchDir = await mkdtemp(path.join(await scratchParent(), "preflight-"));
  try {
    const asked = await askSource(request.source, { http: ctx.http, now: ctx.now, signal, onProgress: () => undefined, scratchDir });
    const choice = chooseEngine({ source: request.source.kind, wish: request.wish, clientMajor: client?.major ?? null, serverMajor: majorOf(asked.version) });
    return { preflight: asked, choice };
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

function storeFindings(reports: readonly (StoreReport & { name: string })[]): Finding[] {
  const areAllLost = reports.every(({ problem }) => problem !== null);
  return reports.map(({ name, problem, freeBytes }) =>
    problem === null
      ? { level: "ok", code: "store", message: `${name} takes and gives objects${freeBytes === null ? "" : `, ${sizeInWords(freeBytes)} free`}.` }
      : { level: areAllLost ? "problem" : "warning", code: "store", message: `${name}: ${problem}` },
  );
}

async function checkDrillServer(ctx: Context, { source, drillServerUrl }: PreflightRequest, asked: Preflight) {
  if (drillServerUrl === null || source.kind !== "postgres") return null;
  return lookAtDrillServer(ctx, drillServerAt(drillServerUrl), { fingerprint: asked.fingerprint, version: asked.version, extensions: asked.extensions, live: null });
}

/** Whether drills in a throw-away PostgreSQL can restore what the source uses. */
function extensionFindings({ source, drillServerUrl }: PreflightRequest, asked: Preflight): Finding[] {
  const finding = drillServerUrl === null && source.kind === "postgres" ? drillExtensions(asked.extensions) : null;
  return finding ? [finding] : [];
}

/** Looks at everything at once. Problems are findings; throws only when the caller goes away. */
export async function preflight(ctx: Context, request: PreflightRequest): Promise<PreflightReport> {
  const signal = AbortSignal.any([AbortSignal.timeout(PREFLIGHT_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
  const [source, stores] = await Promise.all([
    checkSource(ctx, request, signal),
    Promise.all(request.stores.map(async ({ id, name, store }) => ({ id, name, ...(await checkStore(store, { lastBytes: request.lastBytes, signal })) }))),
  ]);
  const { preflight: asked, choice } = source;
  const drillServer = await checkDrillServer({ ...ctx, signal }, request, asked);
  const findings = [...asked.findings, ...extensionFindings(request, asked), { level: "ok" as const, code: "engine", message: `Read by ${choice.engine}. ${choice.reason}` }, ...storeFindings(stores), ...(drillServer ? [drillServer.finding] : [])];
  const usable = stores.filter(({ problem }) => problem === null).map(({ id }) => id);
  return {
    findings,
    mayRun: !findings.some(({ level }) => level === "problem"),
    version: asked.version,
    sourceBytes: asked.sourceBytes,
    choice,
    usable,
    drillServerProblem: drillServer?.isRefused ? drillServer.finding.message : null,
    stores: stores.map(({ id, problem, freeBytes, isVersioned, isLocked }) => ({ id, problem, freeBytes, isVersioned, isLocked })),
  };
}
