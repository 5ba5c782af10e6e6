/** The baseline: tRPC over Prisma with nothing around it, as one would write it in an afternoon. */
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { PrismaPg } from "@prisma/adapter-pg";
import superjson from "superjson";
import { PrismaClient } from "../../../../../../prisma/generated/client.ts";

const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? "", max: 20 }) });
const t = initTRPC.create({ transformer: superjson });
const router = t.router({ users: t.procedure.query(() => db.user.findMany({ orderBy: { id: "asc" }, take: 20 })) });

const handler = (req: Request) => fetchRequestHandler({ endpoint: "/api/trpc", req, router, createContext: () => ({}) });

export { handler as GET, handler as POST };
