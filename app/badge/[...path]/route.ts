export const dynamic = "force-dynamic";

export { badge as GET } from "@/server/badge-endpoint";
