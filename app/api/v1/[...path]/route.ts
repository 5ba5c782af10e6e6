import { openDoor } from "@/server/platform/edge/doors";
import { restEndpoint } from "@/server/platform/rest/endpoint";
import { appRouter } from "@/server/root";

export const dynamic = "force-dynamic";

const answer = openDoor("/api/v1/[...path]", ["GET", "POST", "PUT", "PATCH", "DELETE"], restEndpoint(appRouter));

export { answer as GET, answer as POST, answer as PUT, answer as PATCH, answer as DELETE };
