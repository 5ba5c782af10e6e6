import type { Metadata } from "next";
import { AuthFrame } from "@/components/access/auth-frame";
import { ForgottenForm } from "@/components/access/forgotten-form";
import { sendsMail } from "@/server/platform/mail/mailer.ts";
import { aboutThisConsole } from "../about";

export const metadata: Metadata = { title: "Forgotten password" };

export default async function ForgottenPasswordPage() {
  return (
    <AuthFrame about={await aboutThisConsole()}>
      <ForgottenForm sendsMail={sendsMail()} />
    </AuthFrame>
  );
}
