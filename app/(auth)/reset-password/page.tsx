import type { Metadata } from "next";
import { AuthFrame } from "@/components/access/auth-frame";
import { LinkScreen } from "@/components/access/link-screen";
import { aboutThisConsole } from "../about";

export const metadata: Metadata = { title: "New password", referrer: "no-referrer" };

export default async function ResetPasswordPage() {
  return (
    <AuthFrame about={await aboutThisConsole()}>
      <LinkScreen kind="passwordReset" />
    </AuthFrame>
  );
}
