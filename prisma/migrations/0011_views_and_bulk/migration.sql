-- Views of lists that people saved: what stood in the address.
CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "owner_name" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "saved_view_owner_id_list_name_key" ON "saved_view"("owner_id", "list", "name");
CREATE INDEX "saved_view_list_idx" ON "saved_view"("list");

-- One act on many services. `ids` is what was chosen when it began; `position` says how far it came.
CREATE TABLE "service_bulk" (
    "id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "tags" TEXT[] NOT NULL,
    "ids" TEXT[] NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "service_bulk_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "service_bulk_created_at_idx" ON "service_bulk"("created_at");
