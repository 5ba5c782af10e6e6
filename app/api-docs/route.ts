import { docsPage } from "@/server/platform/rest/docs-page";

export const dynamic = "force-dynamic";

export const GET = (request: Request) => docsPage(request.headers.get("x-nonce") ?? "");
