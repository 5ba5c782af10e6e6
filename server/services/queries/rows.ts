/** From rows of the database to the module's words: states as they count now, secrets masked. */
import type { Check, Component, Service } from "../../../prisma/generated/client.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { describeTarget } from "../check-config.ts";
import { maskConfig, openConfig } from "../check-secrets.ts";
import type { CheckConfig, CheckRow, ComponentRow, Link, State } from "../schema.ts";
import { freshForMs, isStale, rollUpService } from "../state.ts";

export const STALE_REASON = "No fresh result: the checks are not running or not finishing.";

/** The state of a check as it counts at `now`: what nobody has confirmed lately is unknown. */
export function presentState(check: Check, now: Date): { state: State; stateSince: Date; stateReason: string; isStale: boolean } {
  const { state, stateSince, stateReason } = check;
  const stale = check.pausedAt === null && isStale(check.lastKnownAt, check.intervalSeconds, now);
  if (!stale || state === "unknown" || !check.lastKnownAt) return { state, stateSince, stateReason, isStale: stale };
  const since = new Date(check.lastKnownAt.getTime() + freshForMs(check.intervalSeconds));
  return { state: "unknown", stateSince: since, stateReason: STALE_REASON, isStale: true };
}

/** The state of a service as it counts at `now`, from its checks. */
export function presentServiceState(service: Service, checks: Check[], now: Date): { state: State; stateSince: Date; stateReason: string } {
  const present = checks.map((check) => ({ check, ...presentState(check, now) }));
  const rolled = rollUpService(present.map(({ check, state, stateReason }) => ({ name: check.name, state, stateReason, isPaused: check.pausedAt !== null })));
  if (rolled.state === service.state) return { state: service.state, stateSince: service.stateSince, stateReason: service.stateReason };
  const since = Math.max(...present.filter(({ state }) => state === rolled.state).map(({ stateSince }) => stateSince.getTime()), service.stateSince.getTime());
  return { state: rolled.state, stateSince: new Date(since), stateReason: rolled.reason };
}

/** A check for the screen. */
export function toCheckRow(check: Check, now: Date): CheckRow {
  const config = maskConfig(openConfig(check.config as CheckConfig));
  return {
    id: check.id,
    serviceId: check.serviceId,
    kind: config.kind,
    name: check.name,
    target: describeTarget(config),
    config,
    intervalSeconds: check.intervalSeconds,
    timeoutMs: check.timeoutMs,
    failuresBeforeDown: check.failuresBeforeDown,
    successesBeforeUp: check.successesBeforeUp,
    pausedAt: check.pausedAt,
    ...presentState(check, now),
    consecutiveFailures: check.consecutiveFailures,
    lastVerdict: check.lastVerdict,
    lastResultAt: check.lastResultAt,
    lastLatencyMs: check.lastLatencyMs,
    lastMessage: check.lastMessage,
    certificateExpiresAt: check.certificateExpiresAt,
    nextDueAt: check.nextDueAt,
    revision: check.revision,
    createdAt: check.createdAt,
  };
}

/** A component for the screen: stale when a later document no longer named it, or nothing fresh is known. */
export function toComponentRow(component: Component, check: Check, now: Date): ComponentRow {
  const vanished = check.lastResultAt !== null && check.lastResultAt.getTime() - component.lastSeenAt.getTime() > SECOND_MS;
  return {
    checkId: component.checkId,
    name: component.name,
    verdict: component.verdict,
    detail: component.detail,
    value: component.value,
    unit: component.unit,
    observedAt: component.observedAt,
    lastSeenAt: component.lastSeenAt,
    isStale: vanished || presentState(check, now).isStale,
  };
}

/** The plain facts of a service. */
export function toServiceFacts(service: Service) {
  return {
    id: service.id,
    name: service.name,
    slug: service.slug,
    description: service.description,
    domain: service.domain,
    tier: service.tier,
    environment: service.environment,
    owner: service.owner,
    repositoryUrl: service.repositoryUrl,
    links: service.links as Link[],
    tags: service.tags,
    isSelf: service.isSelf,
    archivedAt: service.archivedAt,
    revision: service.revision,
    createdAt: service.createdAt,
    updatedAt: service.updatedAt,
  };
}
