/**
 * `npm run bench [area] [bench…]`: runs the benches of an area one after another and prints one line a figure.
 * Always exits 0 after printing; a bench that cannot run says so on its own line.
 */
import { figureLine, type Figure } from "./figure.ts";

type Bench = () => Promise<{ run: () => Promise<Figure[]> }>;

const AREAS: Record<string, Record<string, Bench>> = {
  platform: {
    startup: () => import("./startup.ts"),
    procedures: () => import("./procedures.ts"),
    checks: () => import("./checks.ts"),
    outbound: () => import("./outbound.ts"),
    services: () => import("./services.ts"),
    overview: () => import("./overview.ts"),
  },
  queues: {
    read: () => import("./queues.ts"),
    work: () => import("./queues-work.ts"),
  },
  backups: {
    engines: () => import("./backups.ts"),
    catalogue: () => import("./backups-catalogue.ts"),
  },
  evidence: {
    readiness: () => import("./evidence-readiness.ts"),
    coverage: () => import("./evidence-coverage.ts"),
  },
  load: {
    console: () => import("./load-console.ts"),
  },
  guard: {
    limiter: () => import("./limiter.ts"),
    guard: () => import("./guard.ts"),
    steady: () => import("./steady.ts"),
    patterns: () => import("./patterns.ts"),
  },
};

const [wantedArea, ...wantedBenches] = process.argv.slice(2);

for (const [area, benches] of Object.entries(AREAS)) {
  if (wantedArea && wantedArea !== area) continue;
  for (const [name, load] of Object.entries(benches)) {
    if (wantedBenches.length > 0 && !wantedBenches.includes(name)) continue;
    try {
      const figures = await (await load()).run();
      for (const figure of figures) process.stdout.write(`${figureLine(area, figure)}\n`);
    } catch (error) {
      process.stdout.write(`BENCH ${area}.${name} could not run: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
process.exit(0);
