import type { Metadata } from "next";
import { AuthFrame } from "@/components/access/auth-frame";
import { LinkScreen } from "@/components/access/link-screen";
import { aboutThisConsole } from "../about";

export const metadata: Metadata = { title: "Accept invitation", referrer: "no-referrer" };

export default async function AcceptInvitationPage() {
  return (
    <AuthFrame about={await aboutThisConsole()}>
      <LinkScreen kind="invitation" />
    </AuthFrame>
  );
}
