import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import { getReadinessSummary } from "./queries.ts";
import { ReadinessSummary } from "./schema.ts";

export const readinessRouter = router({
  summary: may("readiness:summary", { access: "viewer", tier: "read", rest: "GET /readiness/summary", summary: "Summarise readiness" })
    .input(z.object({}))
    .output(ReadinessSummary)
    .query(({ ctx }) => getReadinessSummary(ctx)),
});
