import { config, publicUrl } from "@/server/platform/config";
import { openApiText } from "@/server/platform/rest/document";
import { appRouter } from "@/server/root";

export const dynamic = "force-dynamic";

export const GET = () => new Response(openApiText(appRouter, publicUrl(config())), { headers: { "content-type": "application/json" } });
