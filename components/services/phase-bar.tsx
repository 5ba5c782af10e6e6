import type { Phases } from "../../server/services/schema.ts";
import { formatMilliseconds } from "../data/duration.ts";
import styles from "./phase-bar.module.css";
import { phaseParts, phaseWords } from "./phases.ts";

/** Where one run spent its time: a bar of shares and the figures under it. */
export function PhaseBar({ phases }: { phases: Phases }) {
  const parts = phaseParts(phases);
  if (parts.length === 0) return null;
  return (
    <figure className={styles.phases} aria-label={`Time of the run: ${phaseWords(phases)}`}>
      <div className={styles.bar} aria-hidden>
        {parts.map(({ key, share }) => (
          <span key={key} data-phase={key} style={{ flexGrow: share }} />
        ))}
      </div>
      <dl className={styles.legend}>
        {parts.map(({ key, word, ms }) => (
          <div key={key}>
            <dt data-phase={key}>{word}</dt>
            <dd>{formatMilliseconds(ms)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
