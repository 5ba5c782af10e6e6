import { expect, test } from "vitest";
import { MAX_AT_ONCE, MAX_WAITING, takeTurn } from "./hash-turns.ts";

test("two work at once, a hundred wait in their order, the rest is refused, and a failure gives its turn away", async () => {
  const open = Promise.withResolvers<void>();
  const seen = { atOnce: 0, most: 0, order: [] as number[] };
  const work = (index: number) => async () => {
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    seen.order.push(index);
    await open.promise;
    seen.atOnce -= 1;
    if (index === 0) throw new Error("the first one fails");
  };
  const all = Array.from({ length: MAX_AT_ONCE + MAX_WAITING + 18 }, (_, index) => takeTurn(work(index)));
  const ended = Promise.allSettled(all);
  await Promise.resolve();
  expect(seen.order).toEqual([0, 1]);
  open.resolve();
  const refused = (await ended).filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(19);
  expect(refused.slice(1).map(({ reason }) => (reason as { code?: string }).code)).toEqual(Array.from({ length: 18 }, () => "unavailable"));
  expect(seen.most).toBe(MAX_AT_ONCE);
  expect(seen.order).toEqual(Array.from({ length: MAX_AT_ONCE + MAX_WAITING }, (_, index) => index));
  await expect(takeTurn(async () => "free again")).resolves.toBe("free again");
});
