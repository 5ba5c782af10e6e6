export const dynamic = "force-dynamic";

export { ping as GET, ping as HEAD, ping as POST } from "@/server/ping-endpoint";
