-- CreateTable
CREATE TABLE "breaker" (
    "name" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "circuit" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "breaker_pkey" PRIMARY KEY ("name")
);
