-- Services whose readiness badge everybody may see. No row: only people and keys that may read readiness.
CREATE TABLE "readiness_badge" (
    "service_id" TEXT NOT NULL,
    "shared_at" TIMESTAMPTZ(3) NOT NULL,
    "shared_by" TEXT NOT NULL,

    CONSTRAINT "readiness_badge_pkey" PRIMARY KEY ("service_id")
);

ALTER TABLE "readiness_badge" ADD CONSTRAINT "readiness_badge_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;
