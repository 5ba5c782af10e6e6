/** What a source or a store is called on screen: one line, no secret. */
import type { PlanSource } from "./schema/plan-source.ts";
import type { StoreConfig } from "./schema/store-config.ts";

/** What the console calls the plan of its own database; its backups lie in the folder of that name. */
export const OWN_PLAN_NAME = "Seaworthy";
export const SELF_LABEL = "This console's database";

const bucketLabel = (bucket: { endpoint: string; bucket: string; prefix: string }) => `${new URL(bucket.endpoint).host}/${bucket.bucket}${bucket.prefix ? `/${bucket.prefix}` : ""}`;

/** `payments-primary:5432/payments`, `/srv/files`, `s3.example.com/bucket/prefix`. */
export function labelOfSource(source: PlanSource): string {
  switch (source.kind) {
    case "self":
      return SELF_LABEL;
    case "postgres": {
      const url = new URL(source.url);
      return `${url.hostname}:${url.port || "5432"}${decodeURIComponent(url.pathname)}`;
    }
    case "folder":
      return source.path;
    case "bucket":
      return bucketLabel(source.bucket);
    default:
      return source satisfies never;
  }
}

export const labelOfStore = (config: StoreConfig): string => (config.kind === "local" ? config.folder : bucketLabel(config));

/** Whether a source is a database or files: what retention and restores depend on. */
export const natureOf = (kind: string): "database" | "files" => (kind === "self" || kind === "postgres" ? "database" : "files");
