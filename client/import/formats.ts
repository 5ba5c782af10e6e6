/** The files that services can be taken over from, each with how to read it. Importers load when they are used. */
import type { Fields } from "../manifest/document.ts";
import { FORMAT_VERSION, writeText } from "../manifest/document.ts";
import type { Imported } from "./imported.ts";

export const IMPORT_FORMATS = ["uptime-kuma", "gatus", "healthchecks"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const READERS: Record<ImportFormat, () => Promise<(text: string) => Imported>> = {
  "uptime-kuma": async () => (await import("./uptime-kuma.ts")).importUptimeKuma,
  gatus: async () => (await import("./gatus.ts")).importGatus,
  healthchecks: async () => (await import("./healthchecks.ts")).importHealthchecks,
};

export const isImportFormat = (word: string): word is ImportFormat => IMPORT_FORMATS.some((format) => format === word);

/** A manifest of the file's services, the secrets that it refers to, and what was left out. Throws ImportError. */
export async function toManifest(format: ImportFormat, text: string): Promise<{ manifest: string; secrets: Record<string, string>; notes: string[] }> {
  const read = await READERS[format]();
  const { services, secrets, notes } = read(text);
  const file: Fields = { version: FORMAT_VERSION, services };
  return { manifest: writeText(file), secrets, notes };
}
