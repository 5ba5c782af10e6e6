-- CreateEnum
CREATE TYPE "link_kind" AS ENUM ('invitation', 'password_reset');

-- AlterTable
ALTER TABLE "session" ADD COLUMN "signed_in_by" TEXT NOT NULL DEFAULT 'password';

-- CreateTable
CREATE TABLE "second_factor" (
    "user_id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "last_step" BIGINT NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_try_at" TIMESTAMPTZ(3),

    CONSTRAINT "second_factor_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "user_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("user_id", "hash")
);

-- CreateTable
CREATE TABLE "one_time_link" (
    "id" TEXT NOT NULL,
    "kind" "link_kind" NOT NULL,
    "token_hash" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "external_identity" (
    "id" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_sign_in_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "external_identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_chain" (
    "id" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "archived_seq" BIGINT NOT NULL,
    "archived_hash" TEXT NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "audit_entry" ADD COLUMN "hash" TEXT NOT NULL DEFAULT '';

-- CreateIndex
CREATE UNIQUE INDEX "one_time_link_token_hash_key" ON "one_time_link"("token_hash");

-- CreateIndex
CREATE INDEX "one_time_link_user_id_idx" ON "one_time_link"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "external_identity_issuer_subject_key" ON "external_identity"("issuer", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "external_identity_issuer_user_id_key" ON "external_identity"("issuer", "user_id");

-- AddForeignKey
ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "one_time_link" ADD CONSTRAINT "one_time_link_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "external_identity" ADD CONSTRAINT "external_identity_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The audit chain. Every new row locks the one row of audit_chain, takes the next number and hashes itself onto the
-- previous row's hash. The form that is hashed: each field as "<bytes>:<text>,", an absent one as "-,"
-- (server/access/audit-chain.ts reads the same form to verify).
ALTER TABLE "audit_chain" SET (fillfactor = 10);
INSERT INTO "audit_chain" ("id", "seq", "hash", "archived_seq", "archived_hash") VALUES (1, 0, repeat('0', 64), 0, repeat('0', 64));

CREATE FUNCTION audit_field(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(octet_length(convert_to(value, 'UTF8'))::text || ':' || value, '-') || ','
$$;

CREATE FUNCTION audit_hash(previous text, entry public.audit_entry) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(decode(previous, 'hex') || convert_to(
    audit_field(entry.id::text) || audit_field((extract(epoch FROM entry.at) * 1000)::bigint::text)
    || audit_field(entry.actor_kind) || audit_field(entry.actor_id) || audit_field(entry.actor_label)
    || audit_field(entry.action) || audit_field(entry.target_kind) || audit_field(entry.target_id) || audit_field(entry.summary)
    || audit_field(entry.before::text) || audit_field(entry.after::text)
    || audit_field(entry.request_id) || audit_field(entry.address), 'UTF8')), 'hex')
$$;

-- Rows from before the chain are numbered anew, without gaps, and chained.
DO $$
DECLARE
  entry public.audit_entry;
  n bigint := 0;
  head text := repeat('0', 64);
BEGIN
  FOR entry IN SELECT * FROM public.audit_entry ORDER BY id LOOP
    n := n + 1;
    UPDATE public.audit_entry SET id = n WHERE id = entry.id;
    entry.id := n;
    head := public.audit_hash(head, entry);
    UPDATE public.audit_entry SET hash = head WHERE id = n;
  END LOOP;
  UPDATE public.audit_chain SET seq = n, hash = head WHERE id = 1;
END $$;

CREATE FUNCTION audit_chain_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  head public.audit_chain;
BEGIN
  SELECT * INTO STRICT head FROM audit_chain WHERE id = 1 FOR UPDATE;
  NEW.id := head.seq + 1;
  NEW.hash := audit_hash(head.hash, NEW);
  UPDATE audit_chain SET seq = NEW.id, hash = NEW.hash WHERE id = 1;
  RETURN NEW;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
    -- What was archived may go.
    IF OLD.id <= (SELECT archived_seq FROM audit_chain WHERE id = 1) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is append only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION audit_guard_head() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  -- Depth 1 is a statement of somebody's own; depth 2 is audit_chain_entry.
  IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
    IF (NEW.seq = OLD.seq AND NEW.hash = OLD.hash OR pg_trigger_depth() > 1)
      AND NEW.id = OLD.id AND NEW.archived_seq >= OLD.archived_seq AND NEW.archived_seq <= NEW.seq THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'the head of the audit trail is kept by the database: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entry_chain BEFORE INSERT ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION audit_chain_entry();
CREATE TRIGGER audit_entry_keep BEFORE UPDATE OR DELETE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_keep_all BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_chain_guard BEFORE INSERT OR UPDATE OR DELETE ON "audit_chain" FOR EACH ROW EXECUTE FUNCTION audit_guard_head();
CREATE TRIGGER audit_chain_guard_all BEFORE TRUNCATE ON "audit_chain" FOR EACH STATEMENT EXECUTE FUNCTION audit_guard_head();
