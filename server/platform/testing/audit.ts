/** The audit trail refuses to forget; between tests it must. */
import type pg from "pg";

/** Empties the trail as the test server's superuser, past its triggers. */
export async function forgetAudit(pool: pg.Pool): Promise<void> {
  await pool.query(`
    BEGIN;
    SET LOCAL session_replication_role = replica;
    DELETE FROM audit_entry;
    UPDATE audit_chain SET seq = 0, hash = repeat('0', 64), archived_seq = 0, archived_hash = repeat('0', 64), archived_at = NULL;
    COMMIT`);
}
