/** What every parser is: it takes bytes as they come and fills a report. */

export type ChunkReader = {
  /** Takes the next bytes. Throws AppError `invalid` for what is no report. */
  push: (chunk: Buffer) => void;
  /** No more bytes will come. */
  end: () => void;
};

/** A number from text that a report calls a count: whole, 0 or more; null for anything else. */
export function toCount(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return null;
  return Math.min(Number(text), 0x7fffffff);
}
