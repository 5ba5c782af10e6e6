export const dynamic = "force-dynamic";

export { status as GET } from "@/server/platform/health/endpoint";
