import { restEndpoint } from "@/server/platform/rest/endpoint";
import { appRouter } from "@/server/root";

export const dynamic = "force-dynamic";

const answer = restEndpoint(appRouter);

export { answer as GET, answer as POST, answer as PUT, answer as PATCH, answer as DELETE };
