/** Stores as they are entered and shown. Isomorphic. */
import * as z from "zod";
import { STORE_KINDS, StoreConfig } from "./store-config.ts";

const NAME_MAX = 60;
const name = z.string().trim().min(1, "Give the store a name").max(NAME_MAX);

export const StoreId = z.object({ id: z.string().min(1).max(64) });

export const AddStore = z.object({ name, config: StoreConfig });
export type AddStore = z.infer<typeof AddStore>;

export const UpdateStore = StoreId.extend({ revision: z.number().int().min(1), name: name.optional(), config: StoreConfig.optional() });
export type UpdateStore = z.infer<typeof UpdateStore>;

export const TestStore = z.object({ config: StoreConfig, storeId: z.string().max(64).optional().describe("An existing store whose masked secret is to be used.") });
export type TestStore = z.infer<typeof TestStore>;

export const StoreCheck = z.object({
  isUsable: z.boolean(),
  problem: z.string().nullable(),
  freeBytes: z.number().nullable(),
  isVersioned: z.boolean().nullable(),
  isLocked: z.boolean().nullable(),
});
export type StoreCheck = z.infer<typeof StoreCheck>;

export const StoreRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(STORE_KINDS),
  label: z.string().describe("One line without secrets."),
  config: StoreConfig.describe("The secret is masked."),
  checkedAt: z.date().nullable(),
  checkProblem: z.string().nullable(),
  freeBytes: z.number().nullable(),
  isVersioned: z.boolean().nullable(),
  isLocked: z.boolean().nullable(),
  copies: z.number().int(),
  bytes: z.number(),
  plans: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })),
  revision: z.number().int(),
  createdAt: z.date(),
});
export type StoreRow = z.infer<typeof StoreRow>;

export const StoreList = z.object({ stores: z.array(StoreRow), ownFolder: z.string().describe("A folder of the console's data folder that may be used as a local store.") });

/** What reading a store's manifests found. */
export const Attached = z.object({
  found: z.number().int().describe("Readable backups in the store."),
  added: z.number().int().describe("Backups that the console did not know."),
  plans: z.number().int().describe("Plans that were made for them."),
  lost: z.number().int().describe("Copies that are not there any more; they are looked for again every hour."),
  gone: z.number().int().describe("Copies that were lost before and are lost still; they are let go."),
  unreadable: z.array(z.object({ manifestName: z.string(), problem: z.string() })),
});
export type Attached = z.infer<typeof Attached>;
