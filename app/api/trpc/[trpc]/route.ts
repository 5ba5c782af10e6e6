import { trpcEndpoint } from "@/server/platform/edge/trpc-endpoint";
import { appRouter } from "@/server/root";

export const dynamic = "force-dynamic";

const answer = trpcEndpoint(appRouter);

export { answer as GET, answer as POST };
