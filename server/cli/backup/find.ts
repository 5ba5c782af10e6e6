/** Finding backups in a store by name. */
import { readCatalogue, readManifest } from "../../backups/archive/verify.ts";
import { ARCHIVE_SUFFIX, MANIFEST_SUFFIX, slugOf } from "../../backups/archive/names.ts";
import type { CatalogueEntry, World } from "../../backups/archive/operations.ts";
import type { BackupKeys } from "../../backups/keys/backup-keys.ts";
import type { Manifest } from "../../backups/schema/manifest.ts";
import type { Store } from "../../backups/stores/store.ts";
import { AppError } from "../../platform/errors.ts";

export type Place = { store: Store; keys: BackupKeys; world: World };

/** Every entry of the store, or of one plan, oldest first. */
export async function catalogue({ store, keys, world }: Place, name?: string): Promise<CatalogueEntry[]> {
  const entries: CatalogueEntry[] = [];
  for await (const entry of readCatalogue({ store, keys, prefix: name === undefined ? "" : `${slugOf(name)}/` }, world)) entries.push(entry);
  return entries.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)));
}

/** The stamp in a name sorts as its time does. */
const timeOf = ({ manifestName }: CatalogueEntry) => /_(\d{8}_\d{6})_/.exec(manifestName)?.[1] ?? "";

/** The manifest of `latest` (of a named plan, where the store holds several), or of a name as `list` prints it, with or without its endings. Throws `not_found`. */
export async function findManifest(place: Place, wanted: string, name?: string): Promise<Manifest> {
  if (wanted === "latest") {
    const usable = (await catalogue(place, name)).filter((entry) => entry.manifest !== null && entry.isArchiveThere);
    const plans = [...new Set(usable.map(({ manifestName }) => manifestName.split("/")[0] ?? ""))];
    // The newest of everything could be another database than the one that is to come back.
    if (plans.length > 1) throw new AppError("invalid", `${place.store.label} holds backups of ${plans.toSorted().join(", ")}. Say whose latest one is meant: --name ${plans[0] ?? ""}.`);
    const newest = usable.at(-1)?.manifest;
    if (!newest) throw new AppError("not_found", `${place.store.label} holds no readable backup${name ? ` of ${name}` : ""}.`);
    return newest;
  }
  const base = wanted.replace(MANIFEST_SUFFIX, "").replace(ARCHIVE_SUFFIX, "");
  const full = base.includes("/") ? base : `${base.replace(/_\d{8}_\d{6}_.*$/, "")}/${base}`;
  return readManifest(place.store, `${full}${ARCHIVE_SUFFIX}${MANIFEST_SUFFIX}`, place.keys);
}
