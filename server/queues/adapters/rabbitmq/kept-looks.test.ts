import type { GetMessage } from "amqplib";
import { expect, test } from "vitest";
import { keptLooks, type LookBounds } from "./kept-looks.ts";

const message = { content: Buffer.from("{}") } as GetMessage;
const bounds: LookBounds = { most: 2, mostBytes: 1_000, deliveryLimit: 20, total: 3 };

/** Counts looks at a queue of three messages. */
function counting(content = message) {
  const seen = { looks: 0 };
  const looks = keptLooks((_queue, { most }) => {
    seen.looks += 1;
    return Promise.resolve([content, content, content].slice(0, most));
  });
  return { seen, ...looks };
}

test.each<[string, LookBounds, number]>([
  ["the same again is shown from what was seen", bounds, 1],
  ["less too", { ...bounds, most: 1 }, 1],
  ["more is looked for", { ...bounds, most: 3 }, 2],
  ["another number of messages is looked at", { ...bounds, total: 4 }, 2],
  ["a queue that counts no deliveries is looked at each time", { ...bounds, deliveryLimit: null }, 2],
])("%s", async (...[, next, looks]) => {
  const { seen, look } = counting();
  await look("mail", bounds);
  expect(await look("mail", next)).toHaveLength(Math.min(3, next.most));
  expect(seen.looks).toBe(looks);
});

test("a queue seen whole is enough for every question, until somebody changes it", async () => {
  const { seen, look, forget } = counting();
  await look("mail", { ...bounds, most: 10 });
  await look("mail", { ...bounds, most: 1_000 });
  await look("other", bounds);
  expect(seen.looks).toBe(2);
  forget("mail");
  await look("mail", bounds);
  expect(seen.looks).toBe(3);
});

test("what is too large is not kept", async () => {
  const { seen, look } = counting({ content: Buffer.alloc(5_000_000) } as GetMessage);
  await look("mail", bounds);
  await look("mail", bounds);
  expect(seen.looks).toBe(2);
});
