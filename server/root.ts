/**
 * All procedures, one line a module. The type is what every client knows of the server.
 */
import { accessRouter } from "./access/router.ts";
import { backupsRouter } from "./backups/router.ts";
import { coverageRouter } from "./coverage/router.ts";
import { limitsRouter } from "./limits/router.ts";
import { loadtestsRouter } from "./loadtests/router.ts";
import { liveRouter } from "./platform/live/router.ts";
import { createCallerFactory, router } from "./platform/trpc.ts";
import { queuesRouter } from "./queues/router/index.ts";
import { readinessRouter } from "./readiness/router.ts";
import { servicesRouter } from "./services/router.ts";
import { settingsRouter } from "./settings/router.ts";
import { telemetryRouter } from "./telemetry/router.ts";

export const appRouter = router({
  settings: settingsRouter,
  access: accessRouter,
  live: liveRouter,
  telemetry: telemetryRouter,
  queues: queuesRouter,
  limits: limitsRouter,
  services: servicesRouter,
  backups: backupsRouter,
  coverage: coverageRouter,
  loadtests: loadtestsRouter,
  readiness: readinessRouter,
});

export type AppRouter = typeof appRouter;

/** Calls procedures in process, with the same checks as over HTTP: `createCaller(ctx).services.list({})`. */
export const createCaller = createCallerFactory(appRouter);
