/** Lists of questions: what is looked at around a deployment. Written by us after the common lists of the field. */
import type { ListSource } from "./source.ts";

export const DEPLOYMENT: readonly ListSource[] = [
  {
    id: "predeploy-code",
    name: "Before deployment: code",
    about: "What must be green before anything is built.",
    questions: [
      ["Unit, integration and end-to-end tests are green", "testing", "critical", "tests-green"],
      ["Coverage is above 85 %", "testing", "high", "coverage-lines"],
      ["Lint is clean", "delivery", "medium"],
      ["Types are clean", "delivery", "medium"],
      ["The security scan passed", "security", "high"],
      ["Benchmarks meet their goals", "performance", "medium", "load-no-regression"],
    ],
  },
  {
    id: "predeploy-configuration",
    name: "Before deployment: configuration",
    about: "What must be set where it will run.",
    questions: [
      ["Environment variables are set", "delivery", "high"],
      ["Migrations are prepared", "delivery", "high"],
      ["Secrets are set and kept outside the source", "secrets", "critical"],
      ["Limits are set", "security", "medium", "limits-everywhere"],
      ["Circuit breakers are set", "reliability", "medium"],
    ],
  },
  {
    id: "predeploy-infrastructure",
    name: "Before deployment: infrastructure",
    about: "What must stand before it arrives.",
    questions: [
      ["PostgreSQL is set up and was tried", "database", "critical", "database-well"],
      ["The message broker is set up and was tried", "reliability", "high"],
      ["Redis is set up, if it is used", "performance", "low"],
      ["Monitoring is set up", "observability", "high", "watched"],
      ["Logging is set up", "observability", "high", "logs-linked"],
      ["Backups are set up", "database", "critical", "backup-planned"],
    ],
  },
  {
    id: "predeploy-documents",
    name: "Before deployment: documents",
    about: "What must be written for those who operate it.",
    questions: [
      ["The interface is documented completely", "documentation", "medium"],
      ["The deployment guide is complete", "documentation", "medium", "docs-answer"],
      ["The operations runbook is complete", "documentation", "high", "runbook-answers"],
      ["Drawings of the architecture are current", "documentation", "low"],
    ],
  },
  {
    id: "predeploy-tests",
    name: "Before deployment: tests",
    about: "What must have passed in something like production.",
    questions: [
      ["Smoke tests passed", "delivery", "high"],
      ["Load tests passed", "performance", "high", "load-green"],
      ["Failures were provoked and survived", "reliability", "high"],
      ["Security tests passed", "security", "high"],
    ],
  },
  {
    id: "deployment",
    name: "Deployment, step by step",
    about: "From image to a watched production.",
    questions: [
      ["Images are built", "delivery", "medium"],
      ["Images are in the registry", "delivery", "medium"],
      ["Staging runs the new version", "delivery", "medium"],
      ["Staging was verified", "delivery", "high"],
      ["Production runs the new version", "delivery", "medium"],
      ["Production was verified", "delivery", "high", "up-now"],
      ["Somebody watches for trouble", "availability", "high", "facts-fresh"],
    ],
  },
];
