import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, days, httpChecks, overHttps } from "./words.ts";

const LEAST_DAYS = 14;

export const tlsDays: Rule = {
  id: "tls-days",
  title: "Its certificates hold for 14 days or more",
  why: "An expired certificate is an outage with an appointment.",
  fix: "Renew the certificate, and find out why that did not happen by itself.",
  category: "security",
  severity: "critical",
  weight: 3,
  freshForMs: WATCHED_MS,
  appliesTo: overHttps,
  judge: ({ service }, now) => {
    const dated = httpChecks(service).filter((check) => check.certificateExpiresAt !== null).toSorted((a, b) => Number(a.certificateExpiresAt) - Number(b.certificateExpiresAt));
    const nearest = dated[0];
    if (!nearest?.certificateExpiresAt) return unknown("no certificate was seen yet", `${LEAST_DAYS} days`);
    const left = nearest.certificateExpiresAt.getTime() - now.getTime();
    return decide(left >= LEAST_DAYS * DAY_MS, { value: left > 0 ? `${days(left)} left` : "expired", target: `${LEAST_DAYS} days`, at: nearest.lastResultAt, evidence: seen(`Certificate of ${nearest.name}`, checkHref(service), Object.fromEntries(dated.slice(0, 8).map((check) => [check.name, check.certificateExpiresAt?.toISOString() ?? ""]))) });
  },
};
