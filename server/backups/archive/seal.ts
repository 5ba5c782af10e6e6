/** Compressed bytes in, an archive out, with the facts that its manifest needs. Memory is two frames. */
import { createHash, randomBytes } from "node:crypto";
import type { BackupKeys } from "../keys/backup-keys.ts";
import type { Cipher } from "../schema/manifest.ts";
import { sealFrame, type FrameSecrets } from "./frames.ts";
import { encodeHeader, FRAME_BYTES, NONCE_PREFIX_BYTES, SALT_BYTES, sha256Hex, type ArchiveHeader } from "./header.ts";
import { regroup } from "./regroup.ts";

export type SealedFacts = { bytes: number; sha256: string; headerSha256: string; frameBytes: number; chunkSha256: string[]; cipher: Cipher };

export type Seal = {
  /** The archive, piece by piece: the header, then the pieces of each frame. */
  seal: (compressed: AsyncIterable<Uint8Array>) => AsyncGenerator<Buffer>;
  /** Facts of what `seal` has made; complete when it has ended. */
  facts: () => SealedFacts;
};

/** Prepares the sealing of one archive. `frameBytes` is smaller in tests only. */
export function createSeal(input: { backupId: string; keys: BackupKeys; cipher: Cipher; frameBytes?: number }): Seal {
  const { keys, cipher, frameBytes = FRAME_BYTES } = input;
  const salt = randomBytes(SALT_BYTES);
  const noncePrefix = randomBytes(NONCE_PREFIX_BYTES).toString("base64");
  const header: ArchiveHeader = { backupId: input.backupId, cipher, compression: "zstd", frameBytes, keyId: keys.current, salt: salt.toString("base64"), noncePrefix };
  const encoded = encodeHeader(header);
  const headerSha256 = sha256Hex(encoded);
  const secrets: FrameSecrets = { header, headerSha256, key: cipher === "none" ? null : keys.dataKey(keys.current, salt) };
  const total = createHash("sha256");
  const chunkSha256: string[] = [];
  let bytes = 0;
  let digest = "";
  const count = (piece: Buffer): Buffer => {
    bytes += piece.length;
    total.update(piece);
    return piece;
  };
  async function* seal(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    yield count(encoded);
    for await (const { bytes: plain, isLast } of regroup(compressed, frameBytes)) {
      const frame = sealFrame(secrets, plain, { index: chunkSha256.length, isLast });
      const digestOfFrame = createHash("sha256");
      for (const piece of frame) digestOfFrame.update(piece);
      chunkSha256.push(digestOfFrame.digest("hex"));
      for (const piece of frame) yield count(piece);
    }
    digest = total.digest("hex");
  }
  return { seal, facts: () => ({ bytes, sha256: digest, headerSha256, frameBytes, chunkSha256, cipher }) };
}
