import { answerAuth } from "@/server/platform/auth/next-auth.ts";
import { contextFromRequest } from "@/server/platform/edge/context.ts";
import { signIn, signOut } from "@/server/access/mutations/index.ts";

type Route = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, route: Route): Promise<Response> {
  const { nextauth } = await route.params;
  return answerAuth(() => contextFromRequest(request), request, { action: nextauth, operations: { signIn, signOut } });
}

export { handle as GET, handle as POST };
