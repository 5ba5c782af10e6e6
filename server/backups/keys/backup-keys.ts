/**
 * The keys of backups, derived from the key ring that also seals stored credentials: one key ring file opens everything,
 * and a rotation covers backups. HKDF (RFC 5869) with SHA-256 gives each archive a key of its own from a random salt, so
 * a nonce can never repeat under a key, and gives manifests a signing key that encrypts nothing.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Keyring } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";

const KEY_BYTES = 32;
const DATA_PURPOSE = "seaworthy/backup/data/v1";
const MANIFEST_PURPOSE = "seaworthy/backup/manifest/v1";

export type BackupKeys = {
  /** Id of the key that new backups use. */
  current: string;
  has: (keyId: string) => boolean;
  /** The AES-256 key of one archive. Throws `precondition` when the ring lacks the key. */
  dataKey: (keyId: string, salt: Uint8Array) => Buffer;
  /** HMAC-SHA-256 over the exact bytes of a manifest, hex. Throws `precondition`. */
  sign: (keyId: string, text: string) => string;
  isSignature: (keyId: string, text: string, signature: string) => boolean;
};

/** Derives the keys of backups from a key ring. */
export function backupKeys(ring: Keyring): BackupKeys {
  const secretOf = (keyId: string): Buffer => {
    const secret = ring.keys.get(keyId);
    if (!secret) throw new AppError("precondition", `This backup needs the key ${keyId}, which the key ring does not hold. Take the key ring of the time from the recovery kit.`);
    return secret;
  };
  const derive = (keyId: string, salt: Uint8Array, purpose: string) => Buffer.from(hkdfSync("sha256", secretOf(keyId), salt, purpose, KEY_BYTES));
  const sign = (keyId: string, text: string) => createHmac("sha256", derive(keyId, Buffer.alloc(0), MANIFEST_PURPOSE)).update(text).digest("hex");
  return {
    current: ring.current,
    has: (keyId) => ring.keys.has(keyId),
    dataKey: (keyId, salt) => derive(keyId, salt, DATA_PURPOSE),
    sign,
    isSignature: (keyId, text, signature) => {
      // As text: hexadecimal digits may be written in two ways, and a changed byte is a changed byte.
      const expected = Buffer.from(sign(keyId, text));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
