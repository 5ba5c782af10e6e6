/** Where backups are kept: the settings of a store. Isomorphic: forms read the same rules. */
import * as z from "zod";

export const STORE_KINDS = ["local", "s3"] as const;
export const StoreKind = z.enum(STORE_KINDS);
export type StoreKind = z.infer<typeof StoreKind>;

/** A folder of this machine or of a mounted share. */
export const LocalStoreConfig = z.object({
  kind: z.literal("local"),
  folder: z
    .string()
    .trim()
    .min(2)
    .max(1_024)
    .regex(/^(\/|[A-Za-z]:[\\/])[^\0]*$/, "Must be an absolute path"),
});

/** A bucket of any service that speaks the S3 protocol. `prefix` separates several installations in one bucket. */
export const S3StoreConfig = z.object({
  kind: z.literal("s3"),
  endpoint: z.url({ protocol: /^https?$/, error: "Must be an http or https address" }).max(300),
  region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/i, "Must be 1 to 40 letters, digits and -").default("us-east-1"),
  bucket: z.string().trim().regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i, "Must be 3 to 63 letters, digits, dots and -"),
  prefix: z
    .string()
    .trim()
    .max(200)
    .regex(/^[A-Za-z0-9][A-Za-z0-9_./-]*$|^$/, "May hold letters, digits, dots, / and -")
    .refine((text) => !text.split("/").includes(".."), "Must not hold ..")
    .default(""),
  accessKeyId: z.string().trim().min(1).max(200),
  secretAccessKey: z.string().min(1).max(400),
  /** Address the bucket as a part of the path; services other than Amazon's nearly always need that. */
  pathStyle: z.boolean().default(true),
});

export const StoreConfig = z.discriminatedUnion("kind", [LocalStoreConfig, S3StoreConfig]);
export type LocalStoreConfig = z.infer<typeof LocalStoreConfig>;
export type S3StoreConfig = z.infer<typeof S3StoreConfig>;
export type StoreConfig = z.infer<typeof StoreConfig>;
