/** What job lists can be filtered by; `data.<path>:` is typed by hand. */
import { JOB_STATES } from "../../server/queues/schema/index.ts";
import type { Qualifier } from "../data/filter-bar.tsx";

export const JOB_QUALIFIERS: readonly Qualifier[] = [
  { name: "error", hint: "part of the last error" },
  { name: "age", hint: "older or younger, >1h or <5m" },
  { name: "tried", hint: "attempts, >=3" },
  { name: "priority", hint: "a number, <5" },
  { name: "id", hint: "part of the id" },
  { name: "name", hint: "kind of job" },
  { name: "state", hint: "another state", values: JOB_STATES },
  { name: "queue", hint: "the queue's name" },
];
