/** `seed demo`: fills an empty console with data that looks alive, module by module. */
import type { Context } from "../platform/context.ts";
import { EXIT, type CommandResult } from "./command.ts";

/** Runs each module's seed in the order of the modules. */
export async function seedCommand(ctx: Context, args: string[]): Promise<CommandResult> {
  if (args[0] !== "demo") return { exitCode: EXIT.usage, output: { error: "Say `seed demo`." }, lines: ["Say `seed demo`."] };
  const { seedServices } = await import("../../prisma/seed/services.ts");
  const { seedQueues } = await import("../../prisma/seed/queues.ts");
  const { seedCoverage } = await import("../../prisma/seed/coverage.ts");
  const { seedLoadtests } = await import("../../prisma/seed/loadtests.ts");
  const { seedReadiness } = await import("../../prisma/seed/readiness.ts");
  const { seedBackups } = await import("../../prisma/seed/backups.ts");
  const done = await seedServices(ctx);
  const queues = await seedQueues(ctx);
  await seedCoverage(ctx);
  const loadtests = await seedLoadtests(ctx);
  const backups = await seedBackups(ctx);
  const readiness = await seedReadiness(ctx);
  return { exitCode: EXIT.ok, output: { services: done, queues, loadtests, readiness, backups }, lines: ["Demo data is in place: open the console and look at Services."] };
}
