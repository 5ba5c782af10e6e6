/** A folder of this machine. */
import fs from "node:fs/promises";
import { AppError } from "../../../platform/errors.ts";
import type { Engine, Finding, Preflight } from "../engine.ts";
import type { FolderSource } from "../source.ts";
import { packFolder } from "./dump.ts";
import { unpack } from "./unpack.ts";
import { globMatcher, walkFolder } from "./walk.ts";

/** Sizes of so many files are added up before a run; beyond that the look itself would take minutes. */
const MEASURED_FILES = 200_000;

const unreadable = (source: FolderSource, error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = { ENOENT: "does not exist", EACCES: "may not be read by this process", ENOTDIR: "is not a folder" };
  return new AppError("unavailable", `${source.path} ${words[code ?? ""] ?? `cannot be read: ${message}`}.`, { cause: error });
};

async function measure(source: FolderSource): Promise<{ bytes: number | null; findings: Finding[] }> {
  let bytes = 0;
  let files = 0;
  let firstLink: string | null = null;
  for await (const { path, facts } of walkFolder(source, () => undefined)) {
    if (facts.isFile()) bytes += facts.size;
    if (facts.isSymbolicLink()) firstLink ??= path;
    files += 1;
    if (files > MEASURED_FILES) return { bytes: null, findings: [{ level: "ok", code: "size", message: `More than ${MEASURED_FILES} files.` }] };
  }
  const findings: Finding[] = [{ level: files === 0 ? "problem" : "ok", code: "size", message: files === 0 ? "Nothing is chosen: the folder is empty or everything is excluded." : `${files} entries.` }];
  if (firstLink !== null && source.links === "refuse") findings.push({ level: "problem", code: "links", message: `${firstLink} is a link, and the plan refuses links.` });
  return { bytes, findings };
}

async function preflight(source: FolderSource): Promise<Preflight> {
  try {
    const real = await fs.realpath(source.path);
    await fs.readdir(real);
    const { bytes, findings } = await measure({ ...source, path: real });
    return { findings: [{ level: "ok", code: "reach", message: "The folder can be read." }, ...findings], version: null, sourceBytes: bytes, fingerprint: real, extensions: [] };
  } catch (error) {
    return { findings: [{ level: "problem", code: "reach", message: unreadable(source, error).message }], version: null, sourceBytes: null, fingerprint: null, extensions: [] };
  }
}

export const folderEngine: Engine<FolderSource> = {
  kind: "folder",
  preflight,
  dump: async ({ source, out }, world) => {
    const { pack: createPack } = await import("tar-stream");
    const pack = createPack();
    pack.once("error", (error) => out.destroy(error));
    const dataAsOf = world.now();
    try {
      const real = await fs.realpath(source.path).catch((error: unknown) => {
        throw unreadable(source, error);
      });
      pack.pipe(out);
      const content = await packFolder(pack, { ...source, path: real }, world);
      return { content, version: null, fingerprint: real, tools: {}, dataAsOf };
    } catch (error) {
      const problem = error instanceof AppError || world.signal.aborted ? error : unreadable(source, error);
      out.destroy(problem as Error);
      throw problem;
    }
  },
  restore: async ({ input, target, selection }, world) => {
    if (target.kind !== "folder") throw new AppError("invalid", "This backup is of a folder; it can be restored into a folder only.");
    return unpack(input, { folder: target.path, isChosen: selection.files ? globMatcher(selection.files) : () => true, world });
  },
};
