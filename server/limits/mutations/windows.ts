import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { HEADERS_KEY } from "../../platform/limiter/policy.ts";
import { announce } from "../../platform/live/announce.ts";
import { getWindow, listWindows } from "../queries/index.ts";
import type { SetHeaders, SetWindow, Window, WindowList } from "../schema.ts";

const calls = (max: number | null): string => (max === null ? "the environment's figure" : `${max} calls`);

function summaryOf({ window, max, proposedMax }: SetWindow): string {
  const parts: string[] = [];
  if (max !== undefined) parts.push(`Set the limit ${window} to ${calls(max)}`);
  if (proposedMax === null) parts.push(`${parts.length > 0 ? "took" : "Took"} back the proposal for ${window}`);
  else if (proposedMax !== undefined) parts.push(`${parts.length > 0 ? "proposed" : "Proposed"} ${calls(proposedMax)} for ${window}`);
  return parts.join(", ");
}

/** Changes the figure of a window, or proposes one that is only reported on. In force in every process within seconds. */
export async function setWindow(ctx: Context, input: SetWindow): Promise<Window> {
  return inTransaction(ctx, async (tx) => {
    const before = await tx.db.limitRule.findUnique({ where: { window: input.window } });
    const stamp = { updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    const { window, max, proposedMax } = input;
    await tx.db.limitRule.upsert({
      where: { window },
      create: { window, max: max ?? null, proposedMax: proposedMax ?? null, ...stamp },
      update: { ...(max === undefined ? {} : { max }), ...(proposedMax === undefined ? {} : { proposedMax }), ...stamp },
    });
    const after = await getWindow(tx, window);
    await audit(tx, {
      action: "limits.setWindow",
      target: { kind: "limit", id: window },
      summary: summaryOf(input),
      before: { max: before?.max ?? null, proposedMax: before?.proposedMax ?? null },
      after: { max: after.source === "setting" ? after.max : null, proposedMax: after.proposal?.max ?? null },
    });
    await announce(tx, { topic: "limits", id: window });
    return after;
  });
}

/** Chooses which families of limit headers answers carry. */
export async function setHeaders(ctx: Context, { headers }: SetHeaders): Promise<WindowList> {
  return inTransaction(ctx, async (tx) => {
    const before = await listWindows(tx);
    const stamp = { value: headers, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    await tx.db.setting.upsert({ where: { key: HEADERS_KEY }, create: { key: HEADERS_KEY, ...stamp }, update: stamp });
    await audit(tx, { action: "limits.setHeaders", target: { kind: "limit", id: "headers" }, summary: `Answers carry ${headers} limit headers`, before: before.headers, after: headers });
    await announce(tx, { topic: "limits" });
    return { ...before, headers };
  });
}
