/** Makes what is not in the repository: the packages, the database client from the schema, the pages from the sources. */
import fs from "node:fs";
import { ensurePackages, whyInstall } from "./packages.mjs";
import { inRoot, pinnedNode, runQuietly, toolEnvironment, toolScript } from "./run.mjs";
import { fingerprint, readStamp, whatChanged, writeStamp } from "./sources.mjs";
import { step } from "./steps.mjs";
import { inTurn } from "./turn.mjs";

const CLIENT_SOURCES = ["prisma/schema", "prisma.config.ts", "node_modules/prisma/package.json"];
const PAGE_SOURCES = [
  ..."app components server client public prisma/schema".split(" "),
  ..."next.config.mjs proxy.ts instrumentation.ts postcss.config.mjs tsconfig.json package-lock.json".split(" "),
];

/** The folder that `next build` fills. */
export const buildDir = () => inRoot(process.env.SEAWORTHY_INTERNAL_DIST ?? ".next");

function whyRemake(result, stampFile, now) {
  const before = readStamp(stampFile);
  if (!fs.existsSync(result) || before === null) return "first time";
  return whatChanged(before, now);
}

function lookAtClient() {
  const stamp = inRoot("node_modules/.cache/seaworthy/client.json");
  const now = fingerprint(CLIENT_SOURCES);
  return { stamp, now, why: whyRemake(inRoot("prisma/generated/client.ts"), stamp, now) };
}

function lookAtPages() {
  const stamp = `${buildDir()}/seaworthy-sources.json`;
  const now = fingerprint(PAGE_SOURCES);
  return { stamp, now, why: whyRemake(`${buildDir()}/BUILD_ID`, stamp, now) };
}

/** Generates the database client when the schema changed. */
async function ensureClient() {
  const { stamp, now, why } = lookAtClient();
  if (why === null) return;
  await step("Client", why, async () => {
    await runQuietly(pinnedNode(), [toolScript("prisma/build/index.js"), "generate"]);
    writeStamp(stamp, now);
    return `database client generated (${why})`;
  });
}

/** Builds the pages when a source changed. */
export async function ensurePages() {
  const { stamp, now, why } = lookAtPages();
  if (why === null) return;
  await step("Pages", `building, ${why}`, async () => {
    const env = toolEnvironment({ NODE_ENV: "production" });
    await runQuietly(pinnedNode(), [toolScript("next/dist/bin/next"), "build"], { env });
    // Next adds what it misses to tsconfig.json; that is no reason to build again.
    writeStamp(stamp, { ...now, ...fingerprint(["tsconfig.json"]) });
    return `built (${why})`;
  });
}

/** Makes everything that is missing; waits for another launcher only when there is something to make. */
export async function ensureReady({ pages }) {
  const isReady = whyInstall() === null && lookAtClient().why === null && (!pages || lookAtPages().why === null);
  if (isReady) return;
  await inTurn(async () => {
    await ensurePackages();
    await ensureClient();
    if (pages) await ensurePages();
  });
}
