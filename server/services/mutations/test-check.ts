/** Tries a check without saving it, for the form. The call goes through the same guard as scheduled runs. */
import * as z from "zod";
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { describeTarget, type CheckConfig } from "../check-config.ts";
import { carrySecrets, openConfig } from "../check-secrets.ts";
import { phasesOf } from "../phases.ts";
import { runProbe } from "../probes/probe.ts";
import { findCheck } from "../queries/index.ts";
import type { TestCheck, TestedReading } from "../schema.ts";
import { probeWorld } from "../world.ts";

/** Runs the probe once and returns what it found. `checkId` names an existing check whose masked secrets are used. */
export async function testCheck(ctx: Context, input: TestCheck): Promise<z.infer<typeof TestedReading>> {
  const existing = input.checkId ? await findCheck(ctx, input.checkId) : null;
  const config = carrySecrets(input.config, existing ? openConfig(existing.config as CheckConfig) : null);
  const reading = await runProbe(probeWorld(ctx), config, { timeoutMs: input.timeoutMs, signal: ctx.signal });
  await audit(ctx, {
    action: "services.testCheck",
    target: { kind: "check", id: existing?.id ?? "new" },
    summary: `Tried a check of ${describeTarget(config)}`,
    after: { verdict: reading.verdict, message: reading.message },
  });
  return {
    verdict: reading.verdict,
    latencyMs: reading.latencyMs,
    message: reading.message,
    httpStatus: reading.httpStatus ?? null,
    certificateExpiresAt: reading.certificateExpiresAt ?? null,
    phases: phasesOf(reading.timings),
    components: reading.components.map(({ name, verdict, detail, value, unit }) => ({ name, verdict, detail, value: value ?? null, unit: unit ?? null })),
  };
}
