import { signInElsewhere } from "@/server/access/mutations/index.ts";
import { answerCallback } from "@/server/platform/auth/oidc/routes.ts";
import { contextFromRequest } from "@/server/platform/edge/context.ts";

export function GET(request: Request): Promise<Response> {
  return answerCallback(() => contextFromRequest(request), request, signInElsewhere);
}
