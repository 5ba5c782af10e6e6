export const dynamic = "force-dynamic";

export { readiness as GET } from "@/server/platform/health/endpoint";
