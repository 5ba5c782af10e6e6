/** The procedures of backups, over tRPC and REST. */
import { may, router } from "../platform/trpc.ts";
import * as mutations from "./mutations/index.ts";
import * as queries from "./queries/index.ts";
import * as words from "./schema.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;
const rules = { access: "admin", tier: "write" } as const;

export const backupsRouter = router({
  summary: may("backups:summary", { ...reads, lastKnown: "role", rest: "GET /backups/summary", summary: "Say how backups stand" })
    .input(words.NoInput)
    .output(words.BackupsSummary)
    .query(({ ctx }) => queries.readBackupsSummary(ctx)),
  list: may("backups:list", { ...reads, lastKnown: "role", rest: "GET /backups/plans", summary: "List plans with how they stand" })
    .input(words.ListPlans)
    .output(words.PlanPage)
    .query(({ ctx, input }) => queries.listPlans(ctx, input)),
  get: may("backups:get", { ...reads, lastKnown: "role", rest: "GET /backups/plans/{id}", summary: "Read a plan by id or slug" })
    .input(words.PlanId)
    .output(words.PlanDetail)
    .query(({ ctx, input }) => queries.getPlan(ctx, input)),
  history: may("backups:history", { ...reads, lastKnown: "role", rest: "GET /backups/plans/{id}/history", summary: "Read three months of runs and drills in few words" })
    .input(words.PlanId)
    .output(words.RunHistory)
    .query(({ ctx, input }) => queries.readHistory(ctx, input)),
  previewSchedule: may("backups:previewSchedule", { ...reads, rest: "GET /backups/schedule", summary: "Say a schedule in plain words with its next five runs" })
    .input(words.ScheduleInput)
    .output(words.SchedulePreview)
    .query(({ ctx, input }) => queries.previewSchedule(ctx, input)),
  previewRetention: may("backups:previewRetention", { ...reads, rest: "POST /backups/plans/{id}/retention/preview", summary: "Show what a policy keeps and lets go, and the rule why" })
    .input(words.PreviewRetention)
    .output(words.RetentionPreview)
    .query(({ ctx, input }) => queries.previewRetention(ctx, input)),
  applyRetention: may("backups:applyRetention", { ...rules, isDestructive: true, rest: "POST /backups/plans/{id}/retention/apply", summary: "Delete what the preview shows although the job waits" })
    .input(words.ApplyRetention)
    .output(words.Applied)
    .mutation(({ ctx, input }) => mutations.applyRetention(ctx, input)),
  checkPlan: may("backups:checkPlan", { ...writes, rest: "POST /backups/plans/check", summary: "Try a source and stores without saving" })
    .input(words.CheckPlan)
    .output(words.Preflight)
    .mutation(({ ctx, input }) => mutations.checkPlan(ctx, input)),
  create: may("backups:create", { ...writes, isCreate: true, rest: "POST /backups/plans", summary: "Add a plan" })
    .input(words.CreatePlan)
    .output(words.PlanDetail)
    .mutation(({ ctx, input }) => mutations.createPlan(ctx, input)),
  update: may("backups:update", { ...writes, rest: "PATCH /backups/plans/{id}", summary: "Change a plan" })
    .input(words.UpdatePlan)
    .output(words.PlanDetail)
    .mutation(({ ctx, input }) => mutations.updatePlan(ctx, input)),
  pause: may("backups:pause", { ...writes, rest: "POST /backups/plans/{id}/pause", summary: "Pause a plan" })
    .input(words.PlanId)
    .output(words.PlanDetail)
    .mutation(({ ctx, input }) => mutations.pausePlan(ctx, input)),
  resume: may("backups:resume", { ...writes, rest: "POST /backups/plans/{id}/resume", summary: "Resume a paused plan" })
    .input(words.PlanId)
    .output(words.PlanDetail)
    .mutation(({ ctx, input }) => mutations.resumePlan(ctx, input)),
  archive: may("backups:archive", { ...writes, isDestructive: true, rest: "POST /backups/plans/{id}/archive", summary: "Archive a plan; its backups stay" })
    .input(words.PlanId)
    .output(words.PlanDetail)
    .mutation(({ ctx, input }) => mutations.archivePlan(ctx, input)),
  unarchive: may("backups:unarchive", { ...writes, rest: "POST /backups/plans/{id}/unarchive", summary: "Take an archived plan back into use" })
    .input(words.PlanId)
    .output(words.PlanDetail)
    .mutation(({ ctx, input }) => mutations.unarchivePlan(ctx, input)),
  runNow: may("backups:runNow", { ...writes, isCreate: true, rest: "POST /backups/plans/{id}/runs", summary: "Take a backup now" })
    .input(words.RunNow)
    .output(words.RunDetail)
    .mutation(({ ctx, input }) => mutations.runNow(ctx, input)),
  runs: may("backups:runs", { ...reads, lastKnown: "role", rest: "GET /backups/plans/{id}/runs", summary: "List the runs of a plan, newest first" })
    .input(words.ListRuns)
    .output(words.RunPage)
    .query(({ ctx, input }) => queries.listRuns(ctx, input)),
  run: may("backups:run", { ...reads, lastKnown: "role", rest: "GET /backups/runs/{id}", summary: "Read a run and what it holds" })
    .input(words.RunId)
    .output(words.RunDetail)
    .query(({ ctx, input }) => queries.getRun(ctx, input)),
  cancelRun: may("backups:cancelRun", { ...writes, rest: "POST /backups/runs/{id}/cancel", summary: "Cancel a run and remove what it wrote" })
    .input(words.RunId)
    .output(words.RunDetail)
    .mutation(({ ctx, input }) => mutations.cancelRun(ctx, input)),
  lock: may("backups:lock", { ...writes, rest: "POST /backups/runs/{id}/lock", summary: "Keep a backup whatever the policy says" })
    .input(words.LockBackup)
    .output(words.RunDetail)
    .mutation(({ ctx, input }) => mutations.lockBackup(ctx, input)),
  unlock: may("backups:unlock", { ...rules, rest: "POST /backups/runs/{id}/unlock", summary: "Let the policy decide about a backup again" })
    .input(words.RunId)
    .output(words.RunDetail)
    .mutation(({ ctx, input }) => mutations.unlockBackup(ctx, input)),
  accept: may("backups:accept", { ...writes, rest: "POST /backups/runs/{id}/accept", summary: "Accept a suspect backup as it is" })
    .input(words.RunId)
    .output(words.RunDetail)
    .mutation(({ ctx, input }) => mutations.acceptBackup(ctx, input)),
  log: may("backups:log", { ...reads, rest: "GET /backups/log/{id}", summary: "Read the log of a run, drill or restore" })
    .input(words.ReadLog)
    .output(words.LogPage)
    .query(({ ctx, input }) => queries.readLog(ctx, input)),
  drillNow: may("backups:drillNow", { ...writes, isCreate: true, rest: "POST /backups/plans/{id}/drills", summary: "Restore a backup into a scratch place and compare" })
    .input(words.DrillNow)
    .output(words.DrillRow)
    .mutation(({ ctx, input }) => mutations.drillNow(ctx, input)),
  drills: may("backups:drills", { ...reads, lastKnown: "role", rest: "GET /backups/plans/{id}/drills", summary: "List the drills of a plan, newest first" })
    .input(words.ListDrills)
    .output(words.DrillPage)
    .query(({ ctx, input }) => queries.listDrills(ctx, input)),
  drill: may("backups:drill", { ...reads, rest: "GET /backups/drills/{id}", summary: "Read a drill" })
    .input(words.DrillId)
    .output(words.DrillDetail)
    .query(({ ctx, input }) => queries.getDrill(ctx, input)),
  cancelDrill: may("backups:cancelDrill", { ...writes, rest: "POST /backups/drills/{id}/cancel", summary: "Stop a drill" })
    .input(words.DrillId)
    .output(words.DrillRow)
    .mutation(({ ctx, input }) => mutations.cancelDrill(ctx, input)),
  prepareRestore: may("backups:prepareRestore", { ...writes, rest: "POST /backups/restores/prepare", summary: "Show what a restore would bring and end, and get its token" })
    .input(words.PrepareRestore)
    .output(words.RestoreOutlook)
    .mutation(({ ctx, input }) => mutations.prepareRestore(ctx, input)),
  startRestore: may("backups:startRestore", { ...writes, isCreate: true, isDestructive: true, rest: "POST /backups/restores", summary: "Start the restore that a token confirms" })
    .input(words.StartRestore)
    .output(words.RestoreRow)
    .mutation(({ ctx, input }) => mutations.startRestore(ctx, input)),
  restores: may("backups:restores", { ...reads, rest: "GET /backups/plans/{id}/restores", summary: "List the restores of a plan, newest first" })
    .input(words.ListDrills)
    .output(words.RestorePage)
    .query(({ ctx, input }) => queries.listRestores(ctx, input)),
  restore: may("backups:restore", { ...reads, rest: "GET /backups/restores/{id}", summary: "Read a restore" })
    .input(words.RestoreId)
    .output(words.RestoreRow)
    .query(({ ctx, input }) => queries.getRestore(ctx, input)),
  cancelRestore: may("backups:cancelRestore", { ...writes, rest: "POST /backups/restores/{id}/cancel", summary: "Stop a restore; the target stays as it was" })
    .input(words.RestoreId)
    .output(words.RestoreRow)
    .mutation(({ ctx, input }) => mutations.cancelRestore(ctx, input)),
  stores: may("backups:stores", { ...reads, lastKnown: "role", rest: "GET /backups/stores", summary: "List stores and what they hold" })
    .input(words.NoInput)
    .output(words.StoreList)
    .query(({ ctx }) => queries.listStores(ctx)),
  testStore: may("backups:testStore", { ...rules, rest: "POST /backups/stores/test", summary: "Write, read and delete a tiny object in a store" })
    .input(words.TestStore)
    .output(words.StoreCheck)
    .mutation(({ ctx, input }) => mutations.testStore(ctx, input)),
  addStore: may("backups:addStore", { ...rules, isCreate: true, rest: "POST /backups/stores", summary: "Add a store" })
    .input(words.AddStore)
    .output(words.StoreId)
    .mutation(({ ctx, input }) => mutations.addStore(ctx, input)),
  updateStore: may("backups:updateStore", { ...rules, rest: "PATCH /backups/stores/{id}", summary: "Change a store" })
    .input(words.UpdateStore)
    .output(words.StoreId)
    .mutation(({ ctx, input }) => mutations.updateStore(ctx, input)),
  removeStore: may("backups:removeStore", { ...rules, isDestructive: true, rest: "DELETE /backups/stores/{id}", summary: "Take a store out of use; its contents stay" })
    .input(words.StoreId)
    .output(words.Done)
    .mutation(({ ctx, input }) => mutations.removeStore(ctx, input)),
  attachStore: may("backups:attachStore", { ...rules, rest: "POST /backups/stores/{id}/attach", summary: "Rebuild the catalogue from a store's manifests" })
    .input(words.StoreId)
    .output(words.Attached)
    .mutation(({ ctx, input }) => mutations.attachStore(ctx, input)),
  kit: may("backups:kit", { ...reads, rest: "GET /backups/kit", summary: "Say whether the recovery kit of the current key was taken" })
    .input(words.NoInput)
    .output(words.KitStatus)
    .query(({ ctx }) => queries.readKitStatus(ctx)),
  takeKit: may("backups:takeKit", { ...rules, isDestructive: true, rest: "POST /backups/kit", summary: "Take the recovery kit with the key ring" })
    .input(words.NoInput)
    .output(words.KitText)
    .mutation(({ ctx }) => mutations.takeKit(ctx)),
});
