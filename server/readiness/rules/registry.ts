/** Every rule there is. A rule that is not here is not judged; a file without a line here fails a test. */
import type { Rule } from "../rule.ts";
import { adminsSecondFactor } from "./admins-second-factor.ts";
import { auditKept } from "./audit-kept.ts";
import { backupDrilled } from "./backup-drilled.ts";
import { backupEncrypted } from "./backup-encrypted.ts";
import { backupOffSite } from "./backup-off-site.ts";
import { backupPlanned } from "./backup-planned.ts";
import { backupRecent } from "./backup-recent.ts";
import { backupVerified } from "./backup-verified.ts";
import { checkSecretsSealed } from "./check-secrets-sealed.ts";
import { checkedOften } from "./checked-often.ts";
import { classified } from "./classified.ts";
import { componentsReported } from "./components-reported.ts";
import { componentsWell } from "./components-well.ts";
import { confirmedAlarms } from "./confirmed-alarms.ts";
import { coverageBranches } from "./coverage-branches.ts";
import { coverageComplete } from "./coverage-complete.ts";
import { coverageGate } from "./coverage-gate.ts";
import { coverageLines } from "./coverage-lines.ts";
import { credentialsCurrentKey } from "./credentials-current-key.ts";
import { dashboardLinked } from "./dashboard-linked.ts";
import { databaseWatched } from "./database-watched.ts";
import { databaseWell } from "./database-well.ts";
import { described } from "./described.ts";
import { docsAnswer } from "./docs-answer.ts";
import { errorTrackingLinked } from "./error-tracking-linked.ts";
import { evidenceFromPipeline } from "./evidence-from-pipeline.ts";
import { factsFresh } from "./facts-fresh.ts";
import { hasOwner } from "./has-owner.ts";
import { headerContentType } from "./header-content-type.ts";
import { headerCsp } from "./header-csp.ts";
import { headerFraming } from "./header-framing.ts";
import { headerHsts } from "./header-hsts.ts";
import { headerNoVersion } from "./header-no-version.ts";
import { headerReferrer } from "./header-referrer.ts";
import { healthCoversDependencies } from "./health-covers-dependencies.ts";
import { httpsOnly } from "./https-only.ts";
import { jobsSucceed } from "./jobs-succeed.ts";
import { keysEnd } from "./keys-end.ts";
import { keysInUse } from "./keys-in-use.ts";
import { keysLimited } from "./keys-limited.ts";
import { keysNotExpiring } from "./keys-not-expiring.ts";
import { latencyMeasured } from "./latency-measured.ts";
import { latencySteady } from "./latency-steady.ts";
import { limitsEverywhere } from "./limits-everywhere.ts";
import { limitsShared } from "./limits-shared.ts";
import { livenessAnswers } from "./liveness-answers.ts";
import { loadErrorRate } from "./load-error-rate.ts";
import { loadGreen } from "./load-green.ts";
import { loadNoRegression } from "./load-no-regression.ts";
import { loadProfilePassed } from "./load-profile-passed.ts";
import { loadTestedLately } from "./load-tested-lately.ts";
import { lockoutOn } from "./lockout-on.ts";
import { logsLinked } from "./logs-linked.ts";
import { noCredentialsInLinks } from "./no-credentials-in-links.ts";
import { noDeadLetters } from "./no-dead-letters.ts";
import { noExemptKeys } from "./no-exempt-keys.ts";
import { noLongOutage } from "./no-long-outage.ts";
import { p95WithinObjective } from "./p95-within-objective.ts";
import { p99UnderASecond } from "./p99-under-a-second.ts";
import { pipelineLinked } from "./pipeline-linked.ts";
import { processesAlive } from "./processes-alive.ts";
import { queueMoves } from "./queue-moves.ts";
import { readinessAnswers } from "./readiness-answers.ts";
import { redirectsToHttps } from "./redirects-to-https.ts";
import { repositoryAnswers } from "./repository-answers.ts";
import { runbookAnswers } from "./runbook-answers.ts";
import { secondCheck } from "./second-check.ts";
import { statementsMeasured } from "./statements-measured.ts";
import { steady } from "./steady.ts";
import { suiteE2e } from "./suite-e2e.ts";
import { suiteIntegration } from "./suite-integration.ts";
import { suiteUnit } from "./suite-unit.ts";
import { testsGreen } from "./tests-green.ts";
import { testsSteady } from "./tests-steady.ts";
import { tlsDays } from "./tls-days.ts";
import { tlsVerified } from "./tls-verified.ts";
import { twoAdmins } from "./two-admins.ts";
import { upNow } from "./up-now.ts";
import { uptime30Days } from "./uptime-30-days.ts";
import { uptime7Days } from "./uptime-7-days.ts";
import { watched } from "./watched.ts";

export const RULES: readonly Rule[] = [
  adminsSecondFactor,
  auditKept,
  backupDrilled,
  backupEncrypted,
  backupOffSite,
  backupPlanned,
  backupRecent,
  backupVerified,
  checkSecretsSealed,
  checkedOften,
  classified,
  componentsReported,
  componentsWell,
  confirmedAlarms,
  coverageBranches,
  coverageComplete,
  coverageGate,
  coverageLines,
  credentialsCurrentKey,
  dashboardLinked,
  databaseWatched,
  databaseWell,
  described,
  docsAnswer,
  errorTrackingLinked,
  evidenceFromPipeline,
  factsFresh,
  hasOwner,
  headerContentType,
  headerCsp,
  headerFraming,
  headerHsts,
  headerNoVersion,
  headerReferrer,
  healthCoversDependencies,
  httpsOnly,
  jobsSucceed,
  keysEnd,
  keysInUse,
  keysLimited,
  keysNotExpiring,
  latencyMeasured,
  latencySteady,
  limitsEverywhere,
  limitsShared,
  livenessAnswers,
  loadErrorRate,
  loadGreen,
  loadNoRegression,
  loadProfilePassed,
  loadTestedLately,
  lockoutOn,
  logsLinked,
  noCredentialsInLinks,
  noDeadLetters,
  noExemptKeys,
  noLongOutage,
  p95WithinObjective,
  p99UnderASecond,
  pipelineLinked,
  processesAlive,
  queueMoves,
  readinessAnswers,
  redirectsToHttps,
  repositoryAnswers,
  runbookAnswers,
  secondCheck,
  statementsMeasured,
  steady,
  suiteE2e,
  suiteIntegration,
  suiteUnit,
  testsGreen,
  testsSteady,
  tlsDays,
  tlsVerified,
  twoAdmins,
  upNow,
  uptime30Days,
  uptime7Days,
  watched,
];

/** A rule by its id; undefined for questions of lists and for rules of another version. */
export const ruleById = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);
