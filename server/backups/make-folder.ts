/** Makes folders one by one. Node's own `recursive` tries for ever where a folder is there but takes no children, such as `/proc`. */
import fs from "node:fs/promises";
import path from "node:path";

/** Makes a folder with those above it; one that is there already is fine. Throws the system's error when it cannot be made. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  if (await isFolder(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) await makeFolder(above, mode);
  try {
    await fs.mkdir(folder, mode);
  } catch (error) {
    // Somebody else may have made it a moment ago.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return (await fs.stat(folder).catch(() => null))?.isDirectory() ?? false;
}
