import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthFrame } from "@/components/access/auth-frame";
import { DatabaseAway } from "@/components/access/database-away";
import { SignInForm } from "@/components/access/sign-in-form";
import { signInProblem } from "@/components/access/sign-in-problems";
import { requestContext, setupState, unlessAway } from "@/components/trpc/server";
import { issuerName } from "@/server/platform/auth/oidc/routes.ts";
import { sendsMail } from "@/server/platform/mail/mailer.ts";
import { safePath } from "@/server/platform/auth/safe-path.ts";
import { aboutThisConsole } from "../about";

export const metadata: Metadata = { title: "Sign in" };

type SignInProps = { searchParams: Promise<{ callbackUrl?: string | string[]; problem?: string | string[] }> };

export default async function SignInPage({ searchParams }: SignInProps) {
  const asked = await searchParams;
  const callbackUrl = safePath(asked.callbackUrl);
  const about = await aboutThisConsole();
  const known = await unlessAway(async () => ({ ...(await requestContext()), setup: await setupState() }));
  if (!known) {
    return (
      <AuthFrame about={about}>
        <DatabaseAway href={`/sign-in?callbackUrl=${encodeURIComponent(callbackUrl)}`} />
      </AuthFrame>
    );
  }
  if (known.actor.kind === "user") redirect(callbackUrl);
  if (known.setup.isNeeded) redirect("/setup");
  return (
    <AuthFrame about={about}>
      <SignInForm callbackUrl={callbackUrl} issuer={issuerName()} sendsMail={sendsMail()} problem={signInProblem(asked.problem)} />
    </AuthFrame>
  );
}
