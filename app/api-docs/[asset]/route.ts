import { requestIdOf } from "@/server/platform/edge/context";
import { docsAsset } from "@/server/platform/rest/docs-page";

export const dynamic = "force-dynamic";

export const GET = async (request: Request, { params }: { params: Promise<{ asset: string }> }) => docsAsset((await params).asset, requestIdOf(request.headers));
