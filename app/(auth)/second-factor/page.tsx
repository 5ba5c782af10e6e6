import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthFrame } from "@/components/access/auth-frame";
import { EnrolScreen } from "@/components/access/enrol-screen";
import { requestContext, unlessAway } from "@/components/trpc/server";
import { aboutThisConsole } from "../about";

export const metadata: Metadata = { title: "Second factor" };

/** Where people are led who must set up a second factor before anything else. */
export default async function SecondFactorPage() {
  const context = await unlessAway(requestContext);
  if (context?.actor.kind !== "user") redirect("/sign-in");
  if (!context.actor.owesSecondFactor) redirect("/");
  return (
    <AuthFrame about={await aboutThisConsole()}>
      <EnrolScreen email={context.actor.email} />
    </AuthFrame>
  );
}
