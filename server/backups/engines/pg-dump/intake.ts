/**
 * A program's output read straight into the blocks that are compressed. Node's pipes make a new buffer for each read; a
 * socket reads into memory that it is given. The program gets one end of a socket in the run's private folder.
 */
import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import type { BlockWriter } from "../../archive/blocks.ts";

/** The shortest limit of the systems for the path of a socket, without the final zero. */
const SOCKET_PATH_BYTES = 103;

export type Intake = {
  /** What the program gets as its output. Destroyed here as soon as the program runs, so that the end of the program is the end of the output. */
  output: net.Socket;
  /** Resolves when the program has closed its output and all of it is in the blocks. */
  done: Promise<void>;
  close: () => void;
};

/** Null where a program cannot be given a socket: on Windows, and when the folder's path is too long for one. */
export async function openIntake(folder: string, out: BlockWriter): Promise<Intake | null> {
  const file = path.join(folder, "out");
  if (process.platform === "win32" || Buffer.byteLength(file) > SOCKET_PATH_BYTES) return null;
  const server = net.createServer({ pauseOnConnect: true });
  server.listen(file);
  await once(server, "listening");
  const input = net.connect({
    path: file,
    onread: {
      buffer: () => out.room(),
      callback: (length) => {
        if (out.took(length)) return true;
        out.whenFree(() => input.resume());
        return false;
      },
    },
  });
  const [[output]] = (await Promise.all([once(server, "connection"), once(input, "connect")])) as [[net.Socket], unknown];
  server.close();
  const done = new Promise<void>((resolve, reject) => {
    input.once("error", reject);
    input.once("close", () => resolve());
  });
  done.catch(() => undefined);
  input.resume();
  return { output, done, close: () => { input.destroy(); output.destroy(); } };
}
