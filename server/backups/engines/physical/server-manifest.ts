/** The server's own list of files and their hashes (PostgreSQL manual, "Backup Manifest Format"), checked as files are written back. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { AppError } from "../../../platform/errors.ts";

const ServerManifest = z.object({
  Files: z.array(z.object({ Path: z.string(), Size: z.number(), "Checksum-Algorithm": z.string().optional(), Checksum: z.string().optional() })),
  "Manifest-Checksum": z.string(),
});

/** Expected size and hash by path. Throws `mismatch` when the list itself was changed. */
export function readServerManifest(bytes: Buffer): Map<string, { size: number; sha256: string | null }> {
  const text = bytes.toString("utf8");
  const end = text.lastIndexOf('"Manifest-Checksum"');
  const parsed = ServerManifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new AppError("mismatch", "The server's list of files cannot be read.", { cause: parsed.error });
  if (createHash("sha256").update(text.slice(0, end)).digest("hex") !== parsed.data["Manifest-Checksum"]) throw new AppError("mismatch", "The server's list of files was changed.");
  return new Map(parsed.data.Files.map((file) => [file.Path, { size: file.Size, sha256: file.Checksum ?? null }]));
}

/** Compares what was written with the list. WAL is not listed; it is proven when the cluster starts. */
export function refuseOtherFiles(expected: ReturnType<typeof readServerManifest>, written: ReadonlyMap<string, { bytes: number; sha256: string }>): void {
  for (const [path, { size, sha256 }] of expected) {
    const is = written.get(path);
    if (!is || is.bytes !== size || (sha256 !== null && is.sha256 !== sha256)) throw new AppError("mismatch", `The file ${path} of the cluster is not as the server wrote it.`);
  }
}
