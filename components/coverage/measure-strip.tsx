import type { GatePolicy, Measure, Percentages } from "../../server/coverage/schema/index.ts";
import { StatusText } from "../data/status.tsx";
import { formatCovered, formatDelta, formatPoints, MEASURE_WORDS, ORDER, stateOf } from "./words.ts";
import styles from "./coverage.module.css";

/** What is far below the bar still shows, in percent of its width. */
const LEAST_BAR = 2;

type Levels = GatePolicy["levels"]["lines"];

/** The four measures, each with its gap in points and its three lines; a measure that no report knows says so. */
export function MeasureStrip({ percent, gate, delta, since }: { percent: Percentages; gate: GatePolicy; delta: Percentages | null; since: string }) {
  const from = barFrom(Object.values(gate.levels).map(({ block }) => block));
  return (
    <ul className={styles.strip} aria-label="Measures">
      {ORDER.map((measure) => (
        <MeasureCell key={measure} from={from} measure={measure} value={percent[measure]} levels={gate.levels[measure]} delta={delta?.[measure] ?? null} since={since} />
      ))}
    </ul>
  );
}

/** Where the bars begin: all lines lie in their upper half, apart from each other. */
function barFrom(blocks: readonly number[]): number {
  return Math.max(0, Math.floor((Math.min(...blocks) - 15) / 10) * 10);
}

function MeasureCell({ measure, value, levels, delta, since, from }: { from: number; measure: Measure; value: number | null; levels: Levels; delta: number | null; since: string }) {
  return (
    <li className={styles.measure}>
      <div className={styles.measureHead}>
        <span>{MEASURE_WORDS[measure]}</span>
        {delta === null ? null : (
          <span>
            {formatDelta(delta)} {since}
          </span>
        )}
      </div>
      <div className={styles.measureBody}>
        <span className={styles.figure}>{formatCovered(value)}</span>
        <span className={styles.gap}>
          <Gap value={value} target={levels.target} state={stateOf(value, levels)} />
        </span>
      </div>
      <LevelBar value={value} levels={levels} from={from} />
    </li>
  );
}

function Gap({ value, target, state }: { value: number | null; target: number; state: ReturnType<typeof stateOf> }) {
  if (value === null) return <StatusText state="unknown">not reported</StatusText>;
  return <StatusText state={state}>{state === "ok" ? `${formatPoints(Math.floor((value - target) * 10) / 10)} over` : `${formatPoints(target - value)} to go`}</StatusText>;
}

/** How far a value reaches, with the lines of block, warn and target. */
function LevelBar({ value, levels, from }: { value: number | null; levels: Levels; from: number }) {
  const place = (percent: number) => Math.max(0, (100 * (percent - from)) / (100 - from));
  const marks = [
    { at: levels.block, state: "fail", name: "block" },
    { at: levels.warn, state: "warn", name: "warn" },
    { at: levels.target, state: "ok", name: "target" },
  ].filter((mark, index, all) => all.findLastIndex((other) => other.at === mark.at) === index);
  return (
    <div className={styles.levels} aria-hidden>
      <span className={styles.track}>
        <span className={styles.fill} data-state={stateOf(value, levels)} style={{ width: `${value === null ? 0 : Math.max(LEAST_BAR, place(value))}%` }} />
      </span>
      {marks.map(({ at, state, name }) => (
        <span key={name} className={styles.level} data-state={state} style={{ left: `${place(at)}%` }}>
          <span>{at}</span>
        </span>
      ))}
    </div>
  );
}
