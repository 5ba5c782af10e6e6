import { expect, test } from "vitest";
import type { RawBinding, RawQueue } from "./management.ts";
import { deadLetterExchange, deliveryLimit, topologyOf } from "./topology.ts";

const bind = (source: string, destination: string, destination_type = "queue"): RawBinding => ({ source, destination, destination_type });

test.each<[string, RawQueue[], RawBinding[], Record<string, string>]>([
  ["a queue alone is work", [{ name: "mail" }], [], { mail: "work" }],
  ["the default exchange leads to the routing key", [{ name: "mail", arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "mail.dead" } }, { name: "mail.dead" }], [], { mail: "work", "mail.dead": "dead" }],
  ["without a routing key it leads to the queue of the same name", [{ name: "mail", arguments: { "x-dead-letter-exchange": "" } }], [], { mail: "work" }],
  ["an exchange leads to the queues bound to it, not to exchanges", [{ name: "mail", arguments: { "x-dead-letter-exchange": "dlx" } }, { name: "letters" }, { name: "other" }], [bind("dlx", "letters"), bind("dlx", "other", "exchange")], { mail: "work", letters: "dead", other: "work" }],
  ["a policy counts as an argument does", [{ name: "mail", effective_policy_definition: { "dead-letter-exchange": "dlx" } }, { name: "letters" }], [bind("dlx", "letters")], { letters: "dead" }],
  ["a time-out without a consumer is a waiting room, and what it leads to is work", [{ name: "later", arguments: { "x-message-ttl": 5_000, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "mail" } }, { name: "mail" }], [], { later: "delay", mail: "work" }],
  ["with a consumer it is no waiting room", [{ name: "later", consumers: 1, arguments: { "x-message-ttl": 5_000, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "mail" } }, { name: "mail" }], [], { later: "work", mail: "dead" }],
  ["letters that are sent on are work again", [{ name: "a", arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "b" } }, { name: "b", arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "a" } }], [], { a: "work", b: "work" }],
])("%s", (...[, queues, bindings, roles]) => {
  expect(Object.fromEntries(topologyOf(queues, bindings))).toMatchObject(roles);
});

test.each<[RawQueue, string, number | null]>([
  [{ name: "q", type: "classic", arguments: { "x-delivery-limit": 5 } }, "4.0.1", null],
  [{ name: "q", type: "quorum", arguments: { "x-delivery-limit": 5 } }, "3.12.0", 5],
  [{ name: "q", type: "quorum", arguments: { "x-delivery-limit": -1 } }, "4.0.1", null],
  [{ name: "q", type: "quorum" }, "4.0.1", 20],
  [{ name: "q", type: "quorum" }, "3.13.7", null],
])("the delivery limit of %j on %s", (...[queue, version, limit]) => {
  expect(deliveryLimit(queue, version)).toBe(limit);
});

test("an exchange that is no text is none", () => {
  expect(deadLetterExchange({ name: "q", arguments: { "x-dead-letter-exchange": 7 } })).toBeNull();
});
