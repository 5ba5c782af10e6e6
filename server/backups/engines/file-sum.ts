/** Order-independent sum over files: path, size and content each count; the manifest and a restore compute it alike. */
import { createHash } from "node:crypto";

const MODULUS = 1n << 64n;

/** Adds files up; `sum` is decimal text. */
export class FileSum {
  #sum = 0n;
  files = 0;
  bytes = 0;

  add(file: { path: string; bytes: number; sha256: string }): void {
    const digest = createHash("sha256").update(`${file.path}\0${file.bytes}\0${file.sha256}`).digest();
    this.#sum = (this.#sum + digest.readBigUInt64BE()) % MODULUS;
    this.files += 1;
    this.bytes += file.bytes;
  }

  facts(): { files: number; bytes: number; sum: string } {
    return { files: this.files, bytes: this.bytes, sum: String(this.#sum) };
  }
}
