/** One entry of a tar stream that is written. */
import type { Pack } from "tar-stream";

/** Opens an entry. What breaks it breaks its stream too, and whoever writes hears it there: unheard, it would end the process. */
export function openEntry(pack: Pack, header: Parameters<Pack["entry"]>[0]): ReturnType<Pack["entry"]> {
  const entry = pack.entry(header);
  entry.on("error", () => undefined);
  return entry;
}
