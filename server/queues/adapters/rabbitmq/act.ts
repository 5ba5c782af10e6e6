/** Operations on messages: taken from the head until those that are meant were found, the others put back in place. */
import type { ChannelModel, ConfirmChannel, GetMessage, Options } from "amqplib";
import { MOST_REDRIVES, type JobOperation, type Outcome } from "../../schema/index.ts";
import type { JobBatch } from "../adapter.ts";
import { onChannel, takeMessages, type Bounds } from "./channel.ts";
import { fingerprint, originOf, redrivesOf, REDRIVES_HEADER } from "./messages.ts";

/** How deep into a queue a message is looked for, and how much of it is held in memory meanwhile. */
const DEPTH: Bounds = { most: 10_000, mostBytes: 128 * 1_048_576 };

const done = (id: string): Outcome => ({ id, result: "done", reason: null });
const refused = (id: string, reason: string): Outcome => ({ id, result: "refused", reason });
const missing = (id: string): Outcome => ({ id, result: "missing", reason: `It is not among the first ${DEPTH.most} messages: a consumer or somebody else took it.` });

type Task = { channel: ConfirmChannel; message: GetMessage; id: string; batch: JobBatch; hasDeadLetters: boolean };

/** The properties of a message, to be sent again. */
function sameAgain({ properties }: GetMessage, headers: Record<string, unknown>): Options.Publish {
  const { contentType, contentEncoding, priority, correlationId, replyTo, messageId, timestamp, type, appId, deliveryMode } = properties;
  const given = { contentType, contentEncoding, priority, correlationId, replyTo, messageId, timestamp, type, appId } as Options.Publish;
  return { ...given, headers, persistent: deliveryMode === 2, mandatory: true };
}

/** Publishes and waits until the broker has it. False when no queue took it. */
async function publish({ channel, message }: Task, queue: string, headers: Record<string, unknown>): Promise<boolean> {
  let isReturned = false;
  const onReturn = () => (isReturned = true);
  channel.on("return", onReturn);
  await new Promise<void>((resolve, reject) => {
    channel.publish("", queue, message.content, sameAgain(message, headers), (error: unknown) => (error ? reject(error as Error) : resolve()));
  });
  channel.off("return", onReturn);
  return !isReturned;
}

/** Back to the queue where it died; acknowledged only when it is there, so it may be there twice but is never lost. */
async function redrive(task: Task): Promise<Outcome> {
  const { channel, message, id, batch } = task;
  const most = batch.mostRedrives ?? MOST_REDRIVES;
  const [origin, times] = [originOf(message), redrivesOf(message)];
  if (!origin) return refused(id, "It has no record of where it died, so there is nowhere to send it.");
  if (origin === batch.queue) return refused(id, "It died in this very queue.");
  if (times >= most) return refused(id, `It came back ${times} times and died each time, so it was left with the dead letters.`);
  const isThere = await publish(task, origin, { ...message.properties.headers, [REDRIVES_HEADER]: times + 1 });
  if (!isThere) return refused(id, `The queue ${origin} where it died is gone.`);
  channel.ack(message);
  return done(id);
}

function discard({ channel, message, id }: Task): Promise<Outcome> {
  channel.ack(message);
  return Promise.resolve(done(id));
}

function moveToDead({ channel, message, id, hasDeadLetters }: Task): Promise<Outcome> {
  if (!hasDeadLetters) return Promise.resolve(refused(id, "This queue has no dead letter exchange, so it would be lost."));
  channel.reject(message, false);
  return Promise.resolve(done(id));
}

type Able = Extract<JobOperation, "discard" | "redrive" | "moveToDead">;
const PERFORM: Record<Able, (task: Task) => Promise<Outcome>> = { discard, redrive, moveToDead };

/** One outcome for each id, in order. A message that is taken by one caller is not seen by another. */
export async function act(model: ChannelModel, batch: JobBatch, hasDeadLetters: boolean): Promise<Outcome[]> {
  const { operation } = batch;
  if (operation !== "discard" && operation !== "redrive" && operation !== "moveToDead") return batch.ids.map((id) => refused(id, "RabbitMQ cannot do that."));
  const wanted = new Set(batch.ids);
  const outcomes = new Map<string, Outcome>();
  await onChannel(model, async (channel) => {
    const left = new Set(wanted);
    const isEnough = (message: GetMessage) => {
      left.delete(fingerprint(message));
      return left.size === 0;
    };
    const taken = await takeMessages(channel, batch.queue, { ...DEPTH, isEnough });
    for (const message of taken) {
      const id = fingerprint(message);
      const outcome = wanted.has(id) && !outcomes.has(id) ? await PERFORM[operation]({ channel, message, id, batch, hasDeadLetters }) : null;
      if (outcome) outcomes.set(id, outcome);
      if (outcome?.result !== "done") channel.nack(message, false, true);
    }
    await channel.waitForConfirms();
  });
  return batch.ids.map((id) => outcomes.get(id) ?? missing(id));
}
