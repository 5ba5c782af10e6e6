-- A plan may name a PostgreSQL server on which its drills restore, its address sealed; a drill says where it restored.
ALTER TABLE "backup_plan" ADD COLUMN "drill_server" TEXT;
ALTER TABLE "backup_drill" ADD COLUMN "place" TEXT;
