/** Whether a store lies elsewhere than the machine of the console. Pure. */
import type { StoreConfig } from "../schema/store-config.ts";

/** Names and addresses by which a machine reaches itself. */
const HERE = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/i;

/** True for a bucket on another machine. A folder may be a mount of another machine, but nothing here proves that. */
export function isOtherPlace(config: StoreConfig): boolean {
  if (config.kind !== "s3") return false;
  const host = URL.parse(config.endpoint)?.hostname ?? "";
  return host !== "" && !HERE.test(host);
}
