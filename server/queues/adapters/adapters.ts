/** Every kind of queue system the console can reach: one exhaustive map. */
import type { ConnectionKind } from "../schema/index.ts";
import type { Adapter } from "./adapter.ts";
import { ownAdapter } from "./own/own.ts";

export const ADAPTERS: Record<ConnectionKind, Adapter> = {
  own: ownAdapter,
};
