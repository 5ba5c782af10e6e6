/**
 * Attempts that wait before they are answered. Only so many may wait at once in a process: whoever comes beyond that
 * is sent away with the time to wait instead of holding a request open.
 */
const MAX_WAITING = 20;

const holder = globalThis as { seaworthyDelayed?: { waiting: number } };

/** Waits; false at once when too many wait already. */
export async function waitInLine(ms: number): Promise<boolean> {
  if (ms <= 0) return true;
  holder.seaworthyDelayed ??= { waiting: 0 };
  const line = holder.seaworthyDelayed;
  if (line.waiting >= MAX_WAITING) return false;
  line.waiting += 1;
  try {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return true;
  } finally {
    line.waiting -= 1;
  }
}
