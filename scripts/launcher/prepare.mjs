/** Makes what is not in the repository: the database client from the schema, the pages from the sources. */
import fs from "node:fs";
import { inRoot, pinnedNode, runQuietly, toolEnvironment, toolScript } from "./run.mjs";
import { fingerprint, readStamp, whatChanged, writeStamp } from "./sources.mjs";
import { step } from "./steps.mjs";

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

/** Generates the database client when the schema changed. */
export async function ensureClient() {
  const stamp = inRoot("node_modules/.cache/seaworthy/client.json");
  const now = fingerprint(CLIENT_SOURCES);
  const why = whyRemake(inRoot("prisma/generated/client.ts"), stamp, now);
  if (why === null) return;
  await step("Client", why, async () => {
    await runQuietly(pinnedNode(), [toolScript("prisma/build/index.js"), "generate"]);
    writeStamp(stamp, now);
    return `database client generated (${why})`;
  });
}

/** Builds the pages when a source changed. */
export async function ensurePages() {
  const stamp = `${buildDir()}/seaworthy-sources.json`;
  const now = fingerprint(PAGE_SOURCES);
  const why = whyRemake(`${buildDir()}/BUILD_ID`, stamp, now);
  if (why === null) return;
  await step("Pages", `building, ${why}`, async () => {
    const env = toolEnvironment({ NODE_ENV: "production" });
    await runQuietly(pinnedNode(), [toolScript("next/dist/bin/next"), "build"], { env });
    writeStamp(stamp, now);
    return `built (${why})`;
  });
}
