/** What every section of the manifest can do: read itself from the file and from a console, and carry out a change. */
import type { SeaworthyClient } from "../index.ts";
import type { Data, Fields } from "./document.ts";
import type { Report } from "./fields.ts";

/** One thing as the manifest writes it, with the key that names it. */
export type Item = { key: string; fields: Fields };

/** A thing of the console, with what a change of it needs (ids, revisions). */
export type Actual<Handle> = Item & { handle: Handle };

export type FieldChange = { name: string; from: Data; to: Data };

export type Change<Handle> =
  | { action: "create"; key: string; wanted: Fields }
  | { action: "update"; key: string; wanted: Fields; handle: Handle; changes: FieldChange[] }
  | { action: "remove"; key: string; handle: Handle };

/** Values that may stand in the file as `${NAME}`, so that no secret is written into it. */
export type Env = Readonly<Record<string, string | undefined>>;

export type ReadingContext = { report: Report; env: Env };

export type Section<Handle> = {
  /** The key at the top of the file. */
  name: string;
  /** One thing in words: "service". */
  thing: string;
  /** False for what cannot be removed, only set back. */
  isRemovable: boolean;
  /** Fields that the console may fill in by itself: absent in the file they stay what they are. */
  kept?: readonly string[];
  /** True when the file speaks of this section; one that it does not name is left alone. */
  isNamed: (file: Fields) => boolean;
  /** Reads its part of the file; reports problems with their path. */
  parse: (file: Fields, context: ReadingContext) => Item[];
  /** What the console has now, ordered by key. */
  fetch: (client: SeaworthyClient) => Promise<Actual<Handle>[]>;
  /** Adds things to the file, without what is so anyway. */
  write: (items: readonly Item[], file: Fields) => void;
  apply: (client: SeaworthyClient, change: Change<Handle>) => Promise<void>;
};
