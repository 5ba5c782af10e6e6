/** Which engine reads a source: decided by what is there, and said in a sentence that screens and manifests show. */
import type { EngineKind } from "../schema/manifest.ts";
import { ENGINES_FOR, type SourceKind } from "./source.ts";

export type Choice = { engine: EngineKind; reason: string };

export type Surroundings = {
  source: SourceKind;
  /** What the plan asks for. */
  wish: EngineKind | "auto";
  /** Major version of the server, when the source is a database. */
  serverMajor: number | null;
  /** Major version of the newest pg_dump of this machine, null without one. */
  clientMajor: number | null;
};

const isFitting = (source: SourceKind, engine: EngineKind) => (ENGINES_FOR[source] as readonly EngineKind[]).includes(engine);

function forDatabase(serverMajor: number | null, clientMajor: number | null): Choice {
  if (clientMajor === null) return { engine: "portable", reason: "This machine has no PostgreSQL client." };
  if (serverMajor === null) return { engine: "portable", reason: "The server's version is not known." };
  if (clientMajor < serverMajor) return { engine: "portable", reason: `The PostgreSQL client here (${clientMajor}) is older than the server (${serverMajor}).` };
  return { engine: "pg-dump", reason: `The PostgreSQL client here (${clientMajor}) fits the server (${serverMajor}).` };
}

/** Chooses. A wish that does not fit the source is not followed, and the reason says so. */
export function chooseEngine({ source, wish, serverMajor, clientMajor }: Surroundings): Choice {
  if (wish !== "auto" && isFitting(source, wish)) return { engine: wish, reason: "The plan asks for it." };
  const unfit = wish === "auto" ? "" : `${wish} cannot read this source. `;
  if (source === "folder") return { engine: "folder", reason: `${unfit}The source is a folder.` };
  if (source === "bucket") return { engine: "objects", reason: `${unfit}The source is a bucket.` };
  const choice = forDatabase(serverMajor, clientMajor);
  return { ...choice, reason: unfit + choice.reason };
}
