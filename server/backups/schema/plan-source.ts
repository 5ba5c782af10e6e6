/** What a plan backs up, as people enter it. Isomorphic. Secrets are masked on the way out and kept when the mask comes back. */
import * as z from "zod";
import { S3StoreConfig } from "./store-config.ts";

export const SOURCE_KINDS = ["self", "postgres", "folder", "bucket"] as const;
export const PlanSourceKind = z.enum(SOURCE_KINDS);
export type PlanSourceKind = z.infer<typeof PlanSourceKind>;

const PATTERN_MAX = 200;
const MOST_PATTERNS = 50;
const patterns = z.array(z.string().trim().min(1).max(PATTERN_MAX)).max(MOST_PATTERNS);

const postgresUrl = z
  .string()
  .trim()
  .max(2_000)
  .regex(/^postgres(ql)?:\/\/[^\s]+$/, "Must begin with postgresql://")
  .refine((text) => URL.canParse(text) && new URL(text).hostname !== "" && new URL(text).pathname.length > 1, "Must name a server and a database: postgresql://user:password@host:5432/name");

/** The console's own database. */
export const SelfSource = z.object({ kind: z.literal("self") });
export const PostgresPlanSource = z.object({ kind: z.literal("postgres"), url: postgresUrl });
export const FolderPlanSource = z.object({
  kind: z.literal("folder"),
  path: z
    .string()
    .trim()
    .min(2)
    .max(1_024)
    .regex(/^(\/|[A-Za-z]:[\\/])[^\0]*$/, "Must be an absolute path"),
  include: patterns.default([]),
  exclude: patterns.default([]),
  links: z.enum(["refuse", "keep", "skip"]).default("refuse"),
});
export const BucketPlanSource = z.object({ kind: z.literal("bucket"), bucket: S3StoreConfig });

export const PlanSource = z.discriminatedUnion("kind", [SelfSource, PostgresPlanSource, FolderPlanSource, BucketPlanSource]);
export type PlanSource = z.infer<typeof PlanSource>;
