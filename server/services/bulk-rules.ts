/** Which services an act on many changes, and why it leaves the others alone. Pure. */
import type { BulkAction, BulkPreview } from "./schema.ts";

/** What decides: counts of checks, and what is set. */
export type Candidate = { id: string; name: string; isSelf: boolean; isArchived: boolean; checks: number; paused: number; tags: readonly string[] };

/** Names shown of those that change. */
const SAMPLE = 5;

const plainly: Record<BulkAction, (service: Candidate, tags: readonly string[]) => string | null> = {
  run: ({ isArchived, checks, paused }) => (isArchived ? "archived" : checks - paused > 0 ? null : "no check that can run"),
  pause: ({ checks, paused }) => (checks === 0 ? "without checks" : checks > paused ? null : "paused already"),
  resume: ({ checks, paused }) => (checks === 0 ? "without checks" : paused > 0 ? null : "not paused"),
  archive: ({ isSelf, isArchived }) => (isSelf ? "the console itself" : isArchived ? "archived already" : null),
  restore: ({ isArchived }) => (isArchived ? null : "not archived"),
  addTags: (service, tags) => (tags.every((tag) => service.tags.includes(tag)) ? "has the tags already" : null),
  removeTags: (service, tags) => (tags.some((tag) => service.tags.includes(tag)) ? null : "has none of the tags"),
};

/** Why the act leaves a service as it is; null when it changes it. */
export function whyNot(service: Candidate, act: { action: BulkAction; tags: readonly string[] }): string | null {
  return plainly[act.action](service, act.tags);
}

/** Splits candidates into those that change and the reasons for the rest, most frequent first. */
export function previewOf(candidates: readonly Candidate[], act: { action: BulkAction; tags: readonly string[] }): BulkPreview & { ids: string[] } {
  const affected = candidates.filter((service) => whyNot(service, act) === null);
  const reasons = Map.groupBy(candidates.flatMap((service) => whyNot(service, act) ?? []), (reason) => reason);
  const skipped = [...reasons].map(([reason, all]) => ({ reason, count: all.length })).toSorted((a, b) => b.count - a.count);
  return { matching: candidates.length, affected: affected.length, sample: affected.slice(0, SAMPLE).map(({ name }) => name), skipped, ids: affected.map(({ id }) => id) };
}
