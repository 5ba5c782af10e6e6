/** The procedures of queues, over tRPC and REST. */
import { router } from "../../platform/trpc.ts";
import { actingProcedures } from "./acting.ts";
import { bulkProcedures } from "./bulk.ts";
import { connectionProcedures } from "./connections.ts";
import { jobProcedures } from "./jobs.ts";
import { queueProcedures } from "./queues.ts";

export const queuesRouter = router({ ...connectionProcedures, ...queueProcedures, ...jobProcedures, ...actingProcedures, ...bulkProcedures });
