/** A service and quick ways to send it reports, as its pipeline would. */
import type { PrismaClient } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { testContext } from "../../platform/testing/context.ts";
import { newId } from "../../platform/ids.ts";
import { createCaller } from "../../root.ts";
import type { PushReport, PushResult } from "../schema/index.ts";
import { lcovOf } from "./samples.ts";

export async function addService(db: PrismaClient, slug: string, some: { repositoryUrl?: string; archivedAt?: Date } = {}): Promise<string> {
  const now = new Date();
  const id = newId("svc");
  await db.service.create({ data: { id, name: slug, slug, stateSince: now, createdAt: now, updatedAt: now, ...some } });
  return id;
}

export const callerOf = (db: PrismaClient, some: Partial<Context> = {}) => createCaller(testContext({ db, ...some }));

/** A commit that looks like one: forty hexadecimal digits. */
export const commitOf = (n: number): string => n.toString(16).padStart(4, "0").repeat(10);

/** A file of ten lines of which so many are hit. */
export const tenLines = (hit: number): Record<number, number> => Object.fromEntries(Array.from({ length: 10 }, (_, i) => [i + 1, i < hit ? 1 : 0]));

export type Push = Partial<Omit<PushReport, "content">> & { service: string; files?: Record<string, Record<number, number>>; content?: string };

/** Pushes a tracefile of the given files. */
export function push(caller: ReturnType<typeof callerOf>, { files = { "src/a.ts": tenLines(9) }, commit = commitOf(1), content, ...rest }: Push): Promise<PushResult> {
  return caller.coverage.push({ commit, content: content ?? lcovOf(files), ...rest });
}
