import type { GetMessage } from "amqplib";
import { expect, test } from "vitest";
import { deathsOf, deliveriesOf, fingerprint, originOf, redrivesOf, toDetail, toJob } from "./messages.ts";

type Parts = { content?: string; headers?: Record<string, unknown>; properties?: Record<string, unknown>; routingKey?: string; redelivered?: boolean };
const message = ({ content = "{}", headers, properties = {}, routingKey = "mail", redelivered = false }: Parts): GetMessage =>
  ({ content: Buffer.from(content), fields: { exchange: "", routingKey, redelivered, deliveryTag: 1, messageCount: 0 }, properties: { ...properties, ...(headers ? { headers } : {}) } }) as unknown as GetMessage;
const death = (queue: string, reason: string, more: object = {}) => ({ queue, reason, count: 1, ...more });

test.each<[string, Parts, { name: string; error: string | null; attempt: number; key: string | null }]>([
  ["bare", {}, { name: "mail", error: null, attempt: 1, key: null }],
  ["without a routing key", { routingKey: "" }, { name: "queue", error: null, attempt: 1, key: null }],
  ["with a type and an id", { properties: { type: "label", messageId: "m-1", correlationId: "c-1" } }, { name: "label", error: null, attempt: 1, key: "m-1" }],
  ["with a correlation id only", { properties: { type: "", messageId: "", correlationId: "c-1" } }, { name: "mail", error: null, attempt: 1, key: "c-1" }],
  ["delivered before", { headers: { "x-delivery-count": 4 } }, { name: "mail", error: null, attempt: 4, key: null }],
  ["rejected", { headers: { "x-death": [death("mail", "rejected")] } }, { name: "mail", error: "A consumer rejected it. (mail)", attempt: 1, key: null }],
  ["expired twice", { headers: { "x-death": [death("mail", "expired", { count: 2 })] } }, { name: "mail", error: "It waited longer than it may. (mail)", attempt: 2, key: null }],
  ["dead for a reason of a newer broker", { headers: { "x-death": [death("mail", "bored")] } }, { name: "mail", error: "It died: bored. (mail)", attempt: 1, key: null }],
])("a message %s", (...[, parts, expected]) => {
  expect(toJob("queue", "waiting", message(parts))).toMatchObject(expected);
});

test.each([
  ["an AMQP time", { time: { value: 1_700_000_000 } }, "2023-11-14T22:13:20.000Z"],
  ["a number", { time: 1_700_000_000 }, "2023-11-14T22:13:20.000Z"],
  ["nothing", {}, undefined],
  ["nonsense", { time: { value: "soon" } }, undefined],
])("the time of a death from %s", (...[, more, at]) => {
  const letter = message({ headers: { "x-death": [death("mail", "rejected", more)] } });
  expect(deathsOf(letter)[0]?.at?.toISOString()).toBe(at);
  expect(toJob("mail.dead", "dead", letter).finishedAt?.toISOString()).toBe(at);
  expect(toDetail("mail.dead", "dead", letter).timeline).toHaveLength(at ? 1 : 0);
});

test("where it died first is told by the broker's header, else by its oldest death", () => {
  const deaths = [death("second", "rejected"), death("first", "expired")];
  expect(originOf(message({ headers: { "x-first-death-queue": "origin", "x-death": deaths } }))).toBe("origin");
  expect(originOf(message({ headers: { "x-death": deaths } }))).toBe("first");
  expect(originOf(message({ headers: { "x-death": "nonsense" } }))).toBeNull();
});

test("counts that are no numbers are none", () => {
  expect([redrivesOf(message({ headers: { "x-seaworthy-redrives": 2 } })), redrivesOf(message({ headers: { "x-seaworthy-redrives": "many" } })), deliveriesOf(message({}))]).toEqual([2, 0, 0]);
});

test("looking at a message does not change its fingerprint; everything else does", () => {
  const plain = fingerprint(message({ headers: { a: 1 } }));
  expect(fingerprint(message({ headers: { a: 1, "x-delivery-count": 3, "x-acquired-count": 4 } }))).toBe(plain);
  const others = [message({ headers: { a: 2 } }), message({ headers: { a: 1 }, content: "[]" }), message({ headers: { a: 1 }, properties: { messageId: "m" } }), message({ headers: { a: 1 }, routingKey: "x" })];
  expect(new Set([plain, ...others.map(fingerprint)]).size).toBe(5);
});

test("the detail names what is set and hides what is empty", () => {
  const detail = toDetail("mail", "waiting", message({ headers: { tenant: "north", deep: { a: 1 }, "x-death": [] }, properties: { contentType: "application/json", replyTo: "", timestamp: 1_700_000_000 }, redelivered: true }));
  expect(Object.fromEntries(detail.options.map(({ label, value }) => [label, value]))).toEqual({ exchange: "(default)", "routing key": "mail", "content type": "application/json", redelivered: "true", tenant: "north", deep: '{"a":1}' });
  expect(detail.timeline).toEqual([{ at: new Date(1_700_000_000_000), what: "Sent" }]);
});
