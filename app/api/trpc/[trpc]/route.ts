import { openDoor } from "@/server/platform/edge/doors";
import { trpcEndpoint } from "@/server/platform/edge/trpc-endpoint";
import { appRouter } from "@/server/root";

export const dynamic = "force-dynamic";

const answer = openDoor("/api/trpc/[trpc]", ["GET", "POST"], trpcEndpoint(appRouter));

export { answer as GET, answer as POST };
