export const dynamic = "force-dynamic";

export { liveness as GET } from "@/server/platform/health/endpoint";
