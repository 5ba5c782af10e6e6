/** The sections of the manifest, in the order in which they are written and carried out. */
import type { Section } from "./section.ts";
import { backups } from "./sections/backups.ts";
import { checks } from "./sections/checks.ts";
import { gates } from "./sections/gates.ts";
import { limits } from "./sections/limits.ts";
import { loadtests } from "./sections/loadtests.ts";
import { readiness } from "./sections/readiness.ts";
import { services } from "./sections/services.ts";

/** Each section knows its own handles; whoever walks over all of them passes the handles through unseen. */
const opaque = <Handle>(section: Section<Handle>): Section<unknown> => section as Section<unknown>;

export const SECTIONS: readonly Section<unknown>[] = [opaque(services), opaque(checks), opaque(backups), opaque(gates), opaque(loadtests), opaque(readiness), opaque(limits)];

/** Keys that may stand at the top of a file. */
export const TOP_KEYS: readonly string[] = ["version", ...new Set(SECTIONS.map(({ name }) => name))];
