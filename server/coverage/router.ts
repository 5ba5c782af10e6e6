import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import { getCoverageSummary } from "./queries.ts";
import { CoverageSummary } from "./schema.ts";

export const coverageRouter = router({
  summary: may("coverage:summary", { access: "viewer", tier: "read", rest: "GET /coverage/summary", summary: "Summarise coverage" })
    .input(z.object({}))
    .output(CoverageSummary)
    .query(({ ctx }) => getCoverageSummary(ctx)),
});
