-- Which service a plan's data belongs to; a plan outlives the service.
ALTER TABLE "backup_plan" ADD COLUMN "service_id" TEXT;
CREATE INDEX "backup_plan_service_id_idx" ON "backup_plan"("service_id");
ALTER TABLE "backup_plan" ADD CONSTRAINT "backup_plan_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;
