/** Files of a cluster that came back damaged: said as such, whatever moment the server ends at. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { adoptCluster } from "./restored.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-restored-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("files that are no cluster are refused in words, and nothing else ends", async () => {
  // More often than once, for the server may end before or after its input is written.
  for (let n = 0; n < 5; n++) {
    const dataDir = path.join(folder, String(n));
    fs.mkdirSync(path.join(dataDir, "postgres"), { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(dataDir, "postgres", "PG_VERSION"), "18\n");
    await expect(adoptCluster(dataDir)).rejects.toMatchObject({ code: "mismatch", message: expect.stringMatching(/^The restored cluster does not start: ./) });
  }
});
