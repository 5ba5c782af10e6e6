/** Connections to queue systems: added, changed, removed, tried. */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { isOutdated } from "../../platform/crypto.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { ADAPTERS } from "../adapters/adapters.ts";
import { ConnectionProblem, Trail } from "../adapters/trail.ts";
import { freeId } from "../connection-id.ts";
import { carryPasswords, maskConfig, openConfig, sealConfig, sealedParts } from "../connection-secrets.ts";
import { getConnection } from "../queries/index.ts";
import { OWN_CONNECTION, type AddConnection, type Connection, type ConnectionConfig, type Diagnosis, type TestConnection, type UpdateConnection } from "../schema/index.ts";

/** Each is read four times a minute by one worker. */
const MOST_CONNECTIONS = 50;

const asJson = (config: ConnectionConfig) => sealConfig(config) as unknown as Prisma.InputJsonObject;

async function record(ctx: Context, entry: { action: `queues.${string}`; id: string; summary: string; before?: unknown; after?: unknown }): Promise<void> {
  const { id, ...rest } = entry;
  await audit(ctx, { ...rest, target: { kind: "queueConnection", id } });
  await announce(ctx, { topic: "queues", id });
}

function refuseOwn(id: string): void {
  if (id === OWN_CONNECTION) throw new AppError("precondition", "The console's own queue is always there and stays as it is.");
}

/** Locks names against each other: two that are added at once get two ids. */
async function refuseTaken(ctx: Context, name: string, except: string | null): Promise<void> {
  const [taken] = await ctx.db.$queryRaw<{ id: string }[]>`SELECT id FROM queue_connection WHERE lower(name) = lower(${name}) AND id IS DISTINCT FROM ${except}`;
  if (taken) throw new AppError("conflict", `There is a connection ${name} already.`, { detail: { fields: { name: "Choose another name" } } });
}

/** Adds a connection; a worker reads it within seconds. Throws `conflict` when the name is taken. */
export async function addConnection(ctx: Context, input: AddConnection): Promise<Connection> {
  const config = carryPasswords(input.config, null);
  return inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('queue_connection'))`;
    await refuseTaken(tx, input.name, null);
    const ids = (await tx.db.queueConnection.findMany({ select: { id: true } })).map((row) => row.id);
    if (ids.length >= MOST_CONNECTIONS) throw new AppError("precondition", `There are ${MOST_CONNECTIONS} connections, the most there may be.`);
    const id = freeId(input.name, ids);
    const now = tx.now();
    await tx.db.queueConnection.create({ data: { id, kind: config.kind, name: input.name, config: asJson(config), stateSince: now, nextReadAt: now, createdAt: now, updatedAt: now } });
    await record(tx, { action: "queues.addConnection", id, summary: `Connected the queue system ${input.name}`, after: { name: input.name, config: maskConfig(config) } });
    return getConnection(tx, id);
  });
}

/** Changes a connection; it is opened anew and read at once. Throws `conflict` when somebody else changed it first. */
export async function updateConnection(ctx: Context, input: UpdateConnection): Promise<Connection> {
  refuseOwn(input.id);
  return inTransaction(ctx, async (tx) => {
    const before = await getConnection(tx, input.id);
    if (input.name !== undefined) await refuseTaken(tx, input.name, input.id);
    const { config: stored } = await tx.db.queueConnection.findUniqueOrThrow({ where: { id: input.id }, select: { config: true } });
    const config = input.config && carryPasswords(input.config, openConfig(stored));
    if (config && config.kind !== before.kind) throw new AppError("invalid", "The kind of a connection cannot change. Add another one instead.");
    const now = tx.now();
    const { count } = await tx.db.queueConnection.updateMany({
      where: { id: input.id, revision: input.revision },
      data: { ...(input.name === undefined ? {} : { name: input.name }), ...(config ? { config: asJson(config), state: "unknown", stateSince: now, problem: null, failures: 0 } : {}), nextReadAt: now, reader: null, readerUntil: null, revision: { increment: 1 }, updatedAt: now },
    });
    if (count === 0) throw new AppError("conflict", "Somebody else changed this connection meanwhile. Nothing was saved; reload and try again.");
    const after = await getConnection(tx, input.id);
    await record(tx, { action: "queues.updateConnection", id: input.id, summary: `Changed the queue connection ${after.name}`, before: { name: before.name, config: before.config }, after: { name: after.name, config: after.config } });
    return after;
  });
}

/** Forgets a connection with its figures and thresholds. What it led to is not touched. */
export async function removeConnection(ctx: Context, id: string): Promise<{ id: string }> {
  refuseOwn(id);
  return inTransaction(ctx, async (tx) => {
    const before = await getConnection(tx, id);
    const { count } = await tx.db.queueConnection.deleteMany({ where: { id } });
    if (count === 0) throw new AppError("conflict", "Somebody else removed this connection meanwhile.");
    await tx.db.queueRedrive.deleteMany({ where: { connectionId: id } });
    await tx.db.queuePolicy.deleteMany({ where: { connectionId: id } });
    await tx.db.$executeRaw`DELETE FROM series.queue_sample WHERE connection = ${id}`;
    await tx.db.$executeRaw`DELETE FROM series.queue_hour WHERE connection = ${id}`;
    await record(tx, { action: "queues.removeConnection", id, summary: `Removed the queue connection ${before.name}`, before: { name: before.name, config: before.config } });
    return { id };
  });
}

/** Tries settings without keeping them, step by step. Never throws for what the other side does. */
export async function testConnection(ctx: Context, input: TestConnection): Promise<Diagnosis> {
  const stored = input.id === undefined ? null : await ctx.db.queueConnection.findUnique({ where: { id: input.id }, select: { config: true } });
  const config = carryPasswords(input.config, stored ? openConfig(stored.config) : null);
  const trail = new Trail();
  try {
    const system = await ADAPTERS[config.kind].open({ ctx, connection: input.id ?? "test", config, trail });
    try {
      await trail.take("found", async () => {
        const readings = await system.readQueues(ctx, { since: ctx.now() });
        return { value: null, detail: readings.length === 1 ? "1 queue can be read" : `${readings.length} queues can be read` };
      });
    } finally {
      await system.close();
    }
    return { isOk: true, tried: lastOfEach(trail), problem: null };
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    return { isOk: false, tried: lastOfEach(trail), problem: error.message };
  }
}

/** A step that was taken twice is told by how it ended last. */
const lastOfEach = ({ steps }: Trail) => steps.filter((step, at) => !steps.slice(at + 1).some((later) => later.step === step.step));

/** Seals the passwords of every connection with the keyring's current key. Returns how many were. Idempotent. */
export async function resealConnections(ctx: Context): Promise<number> {
  const rows = await ctx.db.queueConnection.findMany({ where: { id: { not: OWN_CONNECTION } }, select: { id: true, config: true } });
  let sealed = 0;
  for (const { id, config } of rows.filter((row) => sealedParts(row.config).some(isOutdated))) {
    try {
      const changed = await ctx.db.$executeRaw`UPDATE queue_connection SET config = ${JSON.stringify(asJson(openConfig(config)))}::jsonb WHERE id = ${id} AND config = ${JSON.stringify(config)}::jsonb`;
      sealed += changed;
    } catch (error) {
      // A value that was damaged keeps its key in use and must not keep the others from being sealed.
      if (!(error instanceof AppError)) throw error;
      ctx.log.error({ err: error, connection: id }, "the password of a queue connection cannot be opened and was not sealed again");
    }
  }
  if (sealed > 0) await audit(ctx, { action: "queues.reseal", target: { kind: "keyring", id: "current" }, summary: `Sealed the passwords of ${sealed} queue connections with the current key` });
  return sealed;
}
