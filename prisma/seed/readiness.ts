/** Demo data of readiness: a score with a past, waivers, answers, risks and work. Needs the demo services; done once. */
import { DAY_MS, HOUR_MS } from "../../server/platform/clock.ts";
import type { Context } from "../../server/platform/context.ts";
import { newId } from "../../server/platform/ids.ts";
import { evaluate } from "../../server/readiness/mutations/index.ts";
import { chance } from "./chance.ts";

const HEADERS = { "strict-transport-security": "max-age=31536000", "x-content-type-options": "nosniff", "content-security-policy": "default-src 'self'; frame-ancestors 'none'", "referrer-policy": "strict-origin-when-cross-origin", server: "edge" };
const LINKS = ["Docs", "Runbook", "Pipeline", "Dashboard", "Errors", "Logs"] as const;

async function seedAddresses(ctx: Context): Promise<void> {
  const at = new Date(ctx.now().getTime() - 2 * HOUR_MS);
  const services = await ctx.db.service.findMany({ where: { tags: { has: "demo" } }, include: { checks: { where: { kind: "http" }, take: 1 } }, take: 50 });
  for (const service of services) {
    const links = LINKS.filter((label) => chance(`${service.slug}${label}`) > (service.tier === 1 ? 0.12 : 0.35)).map((label) => ({ label, url: `https://${label.toLowerCase()}.northpier.dev/${service.slug}` }));
    await ctx.db.service.update({ where: { id: service.id }, data: { links, description: service.description || `${service.name} of ${service.owner}, run for all of Northpier.` } });
    const address = (service.checks[0]?.config as { url?: string } | undefined)?.url;
    const seen = (kind: string, url: string, detail: Record<string, string> = {}) => ({ serviceId: service.id, kind, url, answered: true, status: kind === "redirect" ? 301 : 200, detail, observedAt: at });
    const headers = chance(service.slug) > 0.3 ? HEADERS : { "x-content-type-options": "nosniff", server: "nginx/1.24.0" };
    await ctx.db.readinessObservation.createMany({
      data: [
        ...(address ? [seen("headers", address, headers), seen("redirect", address.replace("https:", "http:"), { location: address })] : []),
        ...(service.repositoryUrl ? [seen("repository", service.repositoryUrl)] : []),
        ...links.map(({ label, url }) => seen(label === "Logs" ? "logs" : label.toLowerCase(), url)),
      ],
      skipDuplicates: true,
    });
  }
}

/** A console that runs judges while it is filled, step by step; what it wrote then is no history. */
async function forgetSeeding(ctx: Context): Promise<void> {
  const since = new Date(ctx.now().getTime() - HOUR_MS);
  await ctx.db.readinessChange.deleteMany({ where: { at: { gte: since } } });
  await ctx.db.readinessPoint.deleteMany({ where: { at: { gte: since }, statedBy: null } });
}

async function seedPast(ctx: Context): Promise<void> {
  const now = ctx.now().getTime();
  const scores = await ctx.db.readinessScore.findMany({ select: { serviceId: true, score: true } });
  const fleet = (await ctx.db.readinessPoint.findFirst({ where: { serviceId: null }, orderBy: { id: "desc" } }))?.score ?? 60;
  await forgetSeeding(ctx);
  const course = (serviceId: string | null, score: number) => [88, 80, 71, 63, 55, 46, 38, 29, 21, 13, 8, 4].map((days, index) => {
    const value = Math.max(5, Math.round(score - (days / 88) * 24 + (index === 10 ? 4 : 0) + chance(`${serviceId}${days}`) * 2));
    return { serviceId, at: new Date(now - days * DAY_MS), score: value, earned: value };
  });
  const today = (serviceId: string | null, score: number) => ({ serviceId, at: ctx.now(), score, earned: score });
  await ctx.db.readinessPoint.createMany({ data: [...scores.flatMap(({ serviceId, score }) => [...course(serviceId, score), today(serviceId, score)]), ...course(null, fleet), today(null, fleet)] });
  await ctx.db.readinessPoint.create({ data: { serviceId: null, at: new Date(now - 86 * DAY_MS), score: 55, earned: 55, note: "Review by hand in summer", statedBy: "Maya Lindqvist" } });
  const of = new Map((await ctx.db.service.findMany({ select: { id: true, slug: true } })).map(({ id, slug }) => [slug, id]));
  const change = (slug: string, days: number, part: { rule: string; title: string; from: string; to: string; points: number; why: string }) => ({ at: new Date(now - days * DAY_MS), serviceId: of.get(slug) ?? "", ...part });
  await ctx.db.readinessChange.createMany({
    data: [
      change("payments-api", 0.01, { rule: "up-now", title: "It is up", from: "pass", to: "fail", points: -2.6, why: "down: payments-primary:5432" }),
      change("orders-api", 1.2, { rule: "load-profile-passed", title: "It passed the load that its tier needs", from: "fail", to: "pass", points: 1.6, why: "stress, 1000 users" }),
      change("search", 2.1, { rule: "load-no-regression", title: "Its load test is no worse than its baseline", from: "pass", to: "fail", points: -0.9, why: "p95 292 ms → 410 ms, +40.4 %" }),
      change("identity", 3.4, { rule: "runbook-answers", title: "Its runbook is linked and answers", from: "fail", to: "pass", points: 2.1, why: "answers 200" }),
      change("checkout-web", 4.6, { rule: "tls-days", title: "Its certificates hold for 14 days or more", from: "fail", to: "pass", points: 2.4, why: "89 days left" }),
    ].filter(({ serviceId }) => serviceId !== ""),
  });
}

async function seedDecisions(ctx: Context): Promise<void> {
  const now = ctx.now();
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const of = new Map((await ctx.db.service.findMany({ select: { id: true, slug: true } })).map(({ id, slug }) => [slug, id]));
  const waiver = (slug: string, rule: string, part: object) => ({ id: newId("wvr", now), serviceId: of.get(slug) ?? "", rule, state: "asked", requestedBy: "Jonas Weber", requestedById: "usr_demo_jonas", requestedAt: inDays(-5), ...part });
  await ctx.db.readinessWaiver.createMany({
    data: [
      { ...waiver("reporting", "error-tracking-linked", { state: "approved", decidedBy: "Maya Lindqvist", decidedById: "usr_demo_maya", decidedAt: inDays(-4) }), reason: "The tracker moves in December; nobody outside uses it.", expiresAt: inDays(28) },
      { ...waiver("search", "p95-within-objective", { state: "approved", decidedBy: "Maya Lindqvist", decidedById: "usr_demo_maya", decidedAt: inDays(-3) }), reason: "New index is being built; the old one is slow until then.", expiresAt: inDays(7) },
      { ...waiver("merchant-portal", "load-profile-passed", {}), reason: "The test environment is rebuilt this week.", expiresAt: inDays(14) },
    ].filter(({ serviceId }) => serviceId !== ""),
    skipDuplicates: true,
  });
  const payments = of.get("payments-api");
  if (payments) {
    await ctx.db.readinessAdoption.createMany({ data: ["go-live", "before-production"].map((list) => ({ serviceId: payments, list, adoptedAt: inDays(-20), adoptedBy: "Maya Lindqvist" })), skipDuplicates: true });
    await ctx.db.readinessAnswer.createMany({
      data: [
        { serviceId: payments, item: "before-production.1", answer: "yes", note: "Keys come from the vault at start.", evidenceUrl: "https://wiki.northpier.dev/payments/keys", reviewer: "Maya Lindqvist", answeredAt: inDays(-19), expiresAt: inDays(160) },
        { serviceId: payments, item: "before-production.2", answer: "yes", note: "", evidenceUrl: null, reviewer: "Jonas Weber", answeredAt: inDays(-210), expiresAt: null },
        { serviceId: payments, item: "before-production.5", answer: "yes", note: "Image and rollout described in the manual.", evidenceUrl: "https://docs.northpier.dev/payments-api", reviewer: "Jonas Weber", answeredAt: inDays(-12), expiresAt: null },
        { serviceId: payments, item: "before-production.10", answer: "no", note: "The address is still built from parts.", evidenceUrl: null, reviewer: "Jonas Weber", answeredAt: inDays(-12), expiresAt: null },
      ],
      skipDuplicates: true,
    });
  }
}

async function seedPlan(ctx: Context): Promise<void> {
  const now = ctx.now();
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const stamp = { createdAt: now, updatedAt: now };
  const risk = (title: string, part: { category: string; likelihood: string; impact: string; previous: string; current: string; target: string; targetKind?: string; mitigation: string; owner: string }) => ({ id: newId("rsk", now), title, ...part, ...stamp, updatedBy: "Maya Lindqvist" });
  await ctx.db.readinessRisk.createMany({
    data: [
      risk("Payments run in a single zone", { category: "availability", likelihood: "low", impact: "critical", previous: "high", current: "high", target: "low", mitigation: "Second zone ordered; moves in January.", owner: "Platform" }),
      risk("Search slows down while it indexes", { category: "performance", likelihood: "high", impact: "medium", previous: "medium", current: "high", target: "low", mitigation: "New index beside the old one.", owner: "Discovery" }),
      risk("Old card gateway ends in spring", { category: "reliability", likelihood: "medium", impact: "high", previous: "critical", current: "medium", target: "low", mitigation: "New gateway takes a tenth of payments.", owner: "Payments" }),
      risk("Documents of the warehouse", { category: "documentation", likelihood: "medium", impact: "low", previous: "low", current: "medium", target: "high", targetKind: "quality", mitigation: "One day a month of writing.", owner: "Orders" }),
    ],
  });
  const work = (name: string, part: { priority: string; state: string; owner: string; rules: string[]; endsOn: Date | null; note: string }) => ({ id: newId("wks", now), name, phase: "Winter", ...part, ...stamp });
  await ctx.db.readinessWorkstream.createMany({
    data: [
      work("Health that tells the truth", { priority: "P0", state: "active", owner: "Platform", rules: ["health-covers-dependencies", "readiness-answers", "liveness-answers"], endsOn: inDays(21), note: "Tier 1 first." }),
      work("Load before the sale", { priority: "P1", state: "active", owner: "Orders", rules: ["load-profile-passed", "load-tested-lately", "load-no-regression"], endsOn: inDays(10), note: "" }),
      work("Runbooks for everybody on call", { priority: "P1", state: "done", owner: "Platform", rules: ["runbook-answers"], endsOn: inDays(-3), note: "" }),
      work("Headers", { priority: "P2", state: "planned", owner: "Storefront", rules: ["header-csp", "header-hsts", "header-framing"], endsOn: null, note: "" }),
    ],
  });
  await ctx.db.readinessMilestone.createMany({
    data: [
      { id: newId("mls", now), name: "Winter sale", dueOn: inDays(12), goal: 80, isDone: false, ...stamp },
      { id: newId("mls", now), name: "Second zone", dueOn: inDays(60), goal: 85, isDone: false, ...stamp },
    ],
  });
  await ctx.db.readinessDeferred.createMany({
    data: [
      { id: newId("dfr", now), title: "Tracing across all services", reason: "Logs carry request ids; traces follow with the new gateway.", phase: "Spring", lookAgainOn: inDays(75), createdAt: now, createdBy: "Maya Lindqvist" },
      { id: newId("dfr", now), title: "Second region", reason: "Customers are in one region until 2028.", phase: "Later", lookAgainOn: null, createdAt: now, createdBy: "Maya Lindqvist" },
    ],
  });
}

/** Adds the demo's readiness and judges every service. Returns how many were judged. */
export async function seedReadiness(ctx: Context): Promise<number> {
  if (await ctx.db.readinessRisk.findFirst({ select: { id: true } })) return 0;
  await seedAddresses(ctx);
  await seedDecisions(ctx);
  await seedPlan(ctx);
  const { services } = await evaluate(ctx);
  await seedPast(ctx);
  return services;
}
