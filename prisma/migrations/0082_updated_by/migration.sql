-- Who changed a service, a coverage policy or a backup plan last. Null: not since this column is there.
ALTER TABLE "service" ADD COLUMN "updated_by" TEXT;
ALTER TABLE "coverage_policy" ADD COLUMN "updated_by" TEXT;
ALTER TABLE "backup_plan" ADD COLUMN "updated_by" TEXT;
