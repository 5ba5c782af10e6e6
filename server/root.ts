/**
 * All procedures, one line a module. The type is what every client knows of the server.
 */
import { createCallerFactory, router } from "./platform/trpc.ts";

export const appRouter = router({});

export type AppRouter = typeof appRouter;

/** Calls procedures in process, with the same checks as over HTTP: `createCaller(ctx).services.list({})`. */
export const createCaller = createCallerFactory(appRouter);
