/** The stores by kind. Each is loaded when the first of its kind is opened. */
import type { StoreConfig, StoreKind } from "../schema/store-config.ts";
import type { OpenStore, Store, StoreWorld } from "./store.ts";

type ConfigOf<K extends StoreKind> = Extract<StoreConfig, { kind: K }>;

const STORES: { [K in StoreKind]: OpenStore<ConfigOf<K>> } = {
  local: async (config) => (await import("./local.ts")).openLocalStore(config),
  s3: async (config, world) => (await import("./s3/store.ts")).openS3Store(config, world),
};

/** Opens the store that a configuration describes. Throws AppError `invalid` for a folder that cannot be one. */
export function openStore(config: StoreConfig, world: StoreWorld): Promise<Store> {
  return (STORES[config.kind] as OpenStore<StoreConfig>)(config, world);
}
