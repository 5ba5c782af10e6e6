import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import { getLoadtestsSummary } from "./queries.ts";
import { LoadtestsSummary } from "./schema.ts";

export const loadtestsRouter = router({
  summary: may("loadtests:summary", { access: "viewer", tier: "read", rest: "GET /loadtests/summary", summary: "Summarise loadtests" })
    .input(z.object({}))
    .output(LoadtestsSummary)
    .query(({ ctx }) => getLoadtestsSummary(ctx)),
});
