import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { serviceHref } from "./words.ts";

export const repositoryAnswers: Rule = {
  id: "repository-answers",
  title: "Its source is linked and answers",
  why: "A mend begins with finding the source.",
  fix: "Enter the address of the repository in the service's settings.",
  category: "maintainability",
  severity: "medium",
  weight: 2,
  freshForMs: 7 * DAY_MS,
  judge: ({ service, observed }) => {
    const target = "a repository that answers";
    if (!service.repositoryUrl) return decide(false, { value: "none", target, at: service.updatedAt, evidence: seen("Settings of the service", serviceHref(service, "settings"), { Repository: "none" }) });
    const found = observed.repository;
    if (!found || found.url !== service.repositoryUrl) return unknown("not looked at yet", target, seen(service.repositoryUrl, service.repositoryUrl, { Address: service.repositoryUrl }));
    // A private repository says 401, 403 or 404 to strangers: there is somebody at home.
    const holds = found.answered && found.status !== null && (found.status < 500);
    return decide(holds, { value: found.answered ? `answers ${found.status}` : `no answer: ${found.detail.problem ?? "unreachable"}`, target, at: found.observedAt, evidence: seen(found.url, found.url, { Address: found.url, Status: found.status, Problem: found.detail.problem, Looked: found.observedAt }) }, 0.5);
  },
};
