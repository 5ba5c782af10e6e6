"use client";
import type { CoverageDetail } from "../../server/coverage/schema/index.ts";
import { badgeAudience, BadgeSnippets } from "../data/badge-snippets.tsx";
import { Facts } from "../data/side-panel.tsx";
import { Card } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { GateForm } from "./gate-form.tsx";
import { MEASURE_WORDS, ORDER } from "./words.ts";
import styles from "./coverage.module.css";

/** What coverage is held to; people who may, change it here. */
export function GateTab({ detail, origin }: { detail: CoverageDetail; origin: string }) {
  const mayEdit = useMay("editor");
  const { policy } = detail;
  return (
    <div className={styles.narrow}>
      <Card title="Gate" footer={{ source: policy.revision > 0 ? `Version ${policy.revision}` : "As it comes: nobody changed it" }}>
        {mayEdit ? (
          <GateForm detail={detail} />
        ) : (
          <Facts
            rows={[
              ...ORDER.map((measure) => [MEASURE_WORDS[measure], `block ${policy.gate.levels[measure].block}, warn ${policy.gate.levels[measure].warn}, target ${policy.gate.levels[measure].target}`] as const),
              ...Object.entries(policy.gate.flags).map(([flag, levels]) => [`Flag ${flag}`, ORDER.flatMap((measure) => (levels[measure] ? `${MEASURE_WORDS[measure].toLowerCase()} ${levels[measure].block}, ${levels[measure].warn}, ${levels[measure].target}` : [])).join("; ")] as const),
              ["Largest fall", policy.gate.maxDrop === null ? "any" : `${policy.gate.maxDrop} points`],
              ["Changes", policy.gate.patch ? `block under ${policy.gate.patch.block}` : "not judged"],
              ["Default branch", policy.defaultBranch],
              ["Expected flags", policy.expectedFlags.join(", ") || "none"],
            ]}
          />
        )}
      </Card>
      <Card title="Badge" aside={<span>{badgeAudience(policy.isBadgePublic)}</span>}>
        <BadgeSnippets about={`coverage of ${detail.name}`} origin={origin} picture={`/badge/coverage/${detail.slug}.svg`} endpoint={`/api/v1/coverage/${detail.slug}/badge`} page={`/coverage/${detail.slug}`} isPublic={policy.isBadgePublic} />
      </Card>
    </div>
  );
}
