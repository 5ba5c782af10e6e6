import { redirect } from "next/navigation";
import { requestContext } from "@/components/trpc/server";

export default async function AccessPage() {
  const { actor } = await requestContext();
  redirect(actor.kind === "user" && actor.role === "admin" ? "/access/users" : "/access/keys");
}
