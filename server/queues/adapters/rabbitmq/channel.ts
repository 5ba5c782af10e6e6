/** AMQP to a broker of the team, always to the address that the guard checked. One connection, a channel for each task. */
import type { ChannelModel, ConfirmChannel, GetMessage } from "amqplib";
import type { ResolvedTarget } from "../../../platform/http/outbound.ts";
import { virtualHostOf } from "../../connection-secrets.ts";
import { STEP_MS, within } from "../trail.ts";

const HEARTBEAT_SECONDS = 10;
/** A task that takes or publishes thousands of messages. */
const TASK_MS = 30_000;

/** Connects and signs in; a lost connection is found by its heartbeat and reported by the next task. */
export async function connectAmqp(address: string, target: ResolvedTarget): Promise<ChannelModel> {
  const { connect } = await import("amqplib");
  const url = new URL(address);
  const isName = target.host !== target.address;
  const [username, password] = url.username || url.password ? [decodeURIComponent(url.username), decodeURIComponent(url.password)] : ["guest", "guest"];
  const model = await connect(
    { protocol: url.protocol.replace(":", ""), hostname: target.address, port: target.port, username, password, vhost: encodeURIComponent(virtualHostOf(address)), heartbeat: HEARTBEAT_SECONDS },
    { timeout: STEP_MS, noDelay: true, ...(isName ? { servername: target.host } : {}), clientProperties: { connection_name: "seaworthy-queues" } },
  );
  // Without a listener a broken connection would end the process.
  model.on("error", () => undefined);
  return model;
}

/** Runs a task on a channel of its own. What it took and did not settle goes back to the queue when the channel closes. */
export async function onChannel<T>(model: ChannelModel, task: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const channel = await within(model.createConfirmChannel());
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  channel.on("error", (error: Error) => broken.reject(error));
  channel.on("close", () => broken.reject(new Error("the broker closed the channel")));
  let isClosed = false;
  try {
    return await within(Promise.race([task(channel), broken.promise]), TASK_MS);
  } catch (error) {
    // The broker closes a channel on which something was refused.
    isClosed = (error as { code?: number }).code !== undefined;
    throw error;
  } finally {
    if (!isClosed) await within(channel.close()).catch(() => undefined);
  }
}

export type Bounds = { most: number; mostBytes: number };

/** Takes messages from the head of a queue, one by one, until `isEnough` says so, a bound is met or the queue is empty. */
export async function takeMessages(channel: ConfirmChannel, queue: string, bounds: Bounds & { isEnough?: (message: GetMessage) => boolean }): Promise<GetMessage[]> {
  const taken: GetMessage[] = [];
  let bytes = 0;
  while (taken.length < bounds.most && bytes < bounds.mostBytes) {
    const message = await channel.get(queue, { noAck: false });
    if (message === false) break;
    taken.push(message);
    bytes += message.content.length;
    if (bounds.isEnough?.(message)) break;
  }
  return taken;
}
