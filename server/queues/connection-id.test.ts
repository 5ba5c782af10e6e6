import { expect, test } from "vitest";
import { freeId } from "./connection-id.ts";

test.each([
  ["Shop Redis", [], "shop-redis"],
  ["Shop Redis", ["shop-redis", "shop-redis-2"], "shop-redis-3"],
  ["Własna kolejka №1", [], "w-asna-kolejka-no1"],
  ["own", [], "own-2"],
  ["Connections", [], "connections-2"],
  ["🐇🐇", [], "queues"],
  ["a".repeat(60), [], "a".repeat(30)],
])("%s beside %j is %s", (name, taken, id) => expect(freeId(name, taken)).toBe(id));
