export const dynamic = "force-dynamic";

export { metrics as GET } from "@/server/platform/metrics/endpoint";
