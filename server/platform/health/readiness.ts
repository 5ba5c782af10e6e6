/**
 * Whether traffic should come here while something is not well (C31). An administrator decides about degraded parts;
 * the last word that could be read counts, so that this works during an outage of the database that keeps it.
 */
import * as z from "zod";
import { monotonicMs, SECOND_MS } from "../clock.ts";
import type { Db } from "../db.ts";
import { snapshot } from "../snapshot/keeper.ts";
import { isReady, type HealthDocument } from "./judge.ts";

const REFRESH_MS = 10 * SECOND_MS;
/** Readiness is asked for within seconds; a setting is not worth waiting for. */
const PATIENCE_MS = SECOND_MS / 2;
/** The row of the table `setting` in which the settings of the console are. */
const SETTINGS_ROW = "settings.values";

const Stored = z.object({ values: z.object({ readyWhenDegraded: z.boolean() }) });

type Held = { isReadyWhenDegraded: boolean; readAt: number };
const holder = globalThis as { seaworthyReadiness?: Held };

async function read(db: Db): Promise<void> {
  const row = await db.setting.findUnique({ where: { key: SETTINGS_ROW } });
  const stored = Stored.safeParse(row?.value);
  holder.seaworthyReadiness = { isReadyWhenDegraded: !stored.success || stored.data.values.readyWhenDegraded, readAt: monotonicMs() };
}

/** The setting as last read; true until it was. */
async function isReadyWhenDegraded(db: Db): Promise<boolean> {
  const known = holder.seaworthyReadiness;
  if (known && monotonicMs() - known.readAt < REFRESH_MS) return known.isReadyWhenDegraded;
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, PATIENCE_MS).unref();
  });
  // The health document says what is wrong with the database; here its last word stands.
  await Promise.race([read(db).catch(() => undefined), late]);
  return (holder.seaworthyReadiness ?? known)?.isReadyWhenDegraded ?? true;
}

/** True when this process can show last known facts in place of the database. */
export const hasLastKnownFacts = (): boolean => snapshot().answers.size > 0;

/** True when traffic may be sent here. */
export async function acceptsTraffic(db: Db, document: HealthDocument): Promise<boolean> {
  if (document.status === "degraded") return document.mode === "read-only" || isReadyWhenDegraded(db);
  return isReady(document);
}
