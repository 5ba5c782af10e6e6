import { config, publicUrl } from "@/server/platform/config";
import { openApiDocument } from "@/server/platform/rest/document";
import { appRouter } from "@/server/root";

export const dynamic = "force-dynamic";

export const GET = () => Response.json(openApiDocument(appRouter, publicUrl(config())));
