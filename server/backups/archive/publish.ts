/** The last step of a backup: the signed manifest beside the archive, in every store that has the whole of it. */
import { AppError } from "../../platform/errors.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { removed, type Delivery } from "./fan-out.ts";
import type { NamedStore, StoreOutcome } from "./operations.ts";

/** What a failure of a store or engine means for people; unexpected errors keep their own words for the run's log. */
const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type ManifestFile = { name: string; bytes: Buffer; archive: Manifest["archive"] };

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/** Writes the manifest, and looks whether the archive is still beside it: a folder may have been unmounted or emptied since. */
async function publish(store: Store, file: ManifestFile): Promise<void> {
  await store.put(file.name, once(file.bytes));
  const bytes = (await store.stat(file.archive.name))?.bytes ?? null;
  if (bytes === file.archive.bytes) return;
  const problem = `${store.label} took the archive and ${bytes === null ? "does not hold it any more" : `holds ${bytes} bytes of its ${file.archive.bytes}`}. Was it unmounted or changed meanwhile?`;
  throw new AppError("unavailable", [problem, (await removed(store, file.name)) ?? ""].join(" ").trim());
}

/** Writes the manifest where the archive is; a store that cannot take it loses the archive again, for it would prove nothing. */
export function publishManifest(stores: NamedStore[], deliveries: Delivery[], file: ManifestFile): Promise<StoreOutcome[]> {
  return Promise.all(
    stores.map(async ({ id, store }): Promise<StoreOutcome> => {
      const failed = deliveries.find((delivery) => delivery.id === id)?.error ?? null;
      if (failed !== null) return { id, isStored: false, problem: problemOf(failed) };
      try {
        await publish(store, file);
        return { id, isStored: true, problem: null };
      } catch (error) {
        return { id, isStored: false, problem: [problemOf(error), (await removed(store, file.archive.name)) ?? ""].join(" ").trim() };
      }
    }),
  );
}
