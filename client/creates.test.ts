import { expect, test } from "vitest";
import { listCreates } from "../server/platform/rest/procedures.ts";
import { appRouter } from "../server/root.ts";
import { CREATES } from "./creates.ts";

test("the client knows every procedure that honours an Idempotency-Key: run node scripts/permission-table.ts", () => {
  expect([...CREATES]).toEqual(listCreates(appRouter));
});
