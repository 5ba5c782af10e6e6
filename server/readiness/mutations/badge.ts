/** Who may see the badge of a service. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { findService } from "../../services/queries/index.ts";
import type { ShareBadge } from "../schema/index.ts";

/** Shows the badge of a service to everybody, or to nobody without a sign-in. What is so already stays as it is. */
export async function shareBadge(ctx: Context, { id, isPublic }: ShareBadge): Promise<{ ok: true }> {
  const service = await findService(ctx, id);
  await inTransaction(ctx, async (tx) => {
    const { count } = isPublic
      ? await tx.db.readinessBadge.createMany({ data: [{ serviceId: service.id, sharedAt: tx.now(), sharedBy: actorLabel(tx.actor) }], skipDuplicates: true })
      : await tx.db.readinessBadge.deleteMany({ where: { serviceId: service.id } });
    if (count === 0) return;
    await audit(tx, { action: "readiness.shareBadge", target: { kind: "service", id: service.id }, summary: isPublic ? `Showed the readiness badge of ${service.name} to everybody` : `Hid the readiness badge of ${service.name} from strangers`, before: { isPublic: !isPublic }, after: { isPublic } });
    await announce(tx, { topic: "readiness", id: service.id });
  });
  return { ok: true };
}
