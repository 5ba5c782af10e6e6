import { answerStart } from "@/server/platform/auth/oidc/routes.ts";
import { contextFromRequest } from "@/server/platform/edge/context.ts";

export function GET(request: Request): Promise<Response> {
  return answerStart(() => contextFromRequest(request), request);
}
