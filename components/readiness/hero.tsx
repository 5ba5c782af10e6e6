"use client";
import { useQuery } from "@tanstack/react-query";
import { CAP, CATEGORY_LABELS, type CategoryScore, type Scorecard } from "../../server/readiness/schema/index.ts";
import { formatDay } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Panel } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ScoreChart } from "./score-chart.tsx";
import { LEVEL_WORDS, pointsOf } from "./words.ts";
import styles from "./readiness.module.css";

const TREND_MS = 90 * 86_400_000;
const CHART_HEIGHT = 130;

/** The score with its cap and goal, its course, and the areas it is made of. */
export function Hero({ card }: { card: Scorecard }) {
  return (
    <Panel label="Score and areas">
      <div className={styles.hero}>
        <div className={styles.score}>
          <div className={styles.top}>
            <span className={styles.whole}>
              <span className={styles.big}>{card.score}</span>
              <span className={styles.of}>of 100</span>
            </span>
            <span className={styles.aside}>
              <WeekWords card={card} />
              <br />
              {nextWords(card)}
            </span>
          </div>
          <Track card={card} />
          <Course card={card} />
        </div>
        <div className={styles.areasBox}>
          <table className={styles.areas} aria-label="Areas">
            <thead>
              <tr>
                <th scope="col">Area</th>
                <th scope="col">Points earned, of the most it can give</th>
                <th scope="col">Points</th>
                <th scope="col">Not passing</th>
              </tr>
            </thead>
            <tbody>
              {card.categories.map((area) => (
                <Area key={area.category} area={area} most={Math.max(...card.categories.map(({ points }) => points))} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Panel>
  );
}

function WeekWords({ card }: { card: Scorecard }) {
  if (card.weekAgo === null) return <>judged for less than a week</>;
  const shift = card.score - card.weekAgo;
  if (shift === 0) return <>as 7 days ago</>;
  return (
    <>
      <b className={shift < 0 ? styles.down : styles.up}>
        {Math.abs(shift)} {shift < 0 ? "lower" : "higher"}
      </b>{" "}
      than 7 days ago
    </>
  );
}

function nextWords({ nextLevel, score, lines }: Scorecard): string {
  if (!nextLevel) return "highest level reached";
  const points = Math.max(0, nextLevel.needsScore - score);
  const rules = nextLevel.missing.length;
  const parts = [points > 0 ? `${points} points` : "", rules > 0 ? `${rules} of ${lines.length} rules` : ""].filter(Boolean);
  return `${LEVEL_WORDS[nextLevel.level]} needs ${parts.join(" and ") || "one more evaluation"}`;
}

function Track({ card }: { card: Scorecard }) {
  const earned = Math.floor(card.earned);
  return (
    <>
      <div className={styles.track} aria-hidden>
        <span className={styles.fill} style={{ width: `${card.score}%` }} />
        {card.isCapped ? <span className={styles.held} style={{ left: `${card.score}%`, width: `${earned - card.score}%` }} /> : null}
        {card.blocking > 0 ? <span className={styles.mark} data-kind="cap" style={{ left: `${CAP}%` }} /> : null}
        <span className={styles.mark} data-kind="goal" style={{ left: `${card.goal}%` }} />
      </div>
      <div className={styles.scale}>
        <span>{card.isCapped ? `${earned} earned, ${earned - card.score} held back by the cap` : `${pointsOf(card.earned)} earned`}</span>
        <span>
          {card.blocking > 0 ? <b className={styles.down}>cap {CAP} </b> : null}
          <b className={styles.up}>goal {card.goal}</b>
        </span>
      </div>
    </>
  );
}

function Course({ card }: { card: Scorecard }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.readiness.history.queryOptions({ id: card.serviceId }));
  if (!data) return <SkeletonBlock height={CHART_HEIGHT} />;
  const to = data.to.getTime();
  const [from, first] = [to - TREND_MS, data.points[0]];
  const title = first && first.at.getTime() > from ? `Score since ${formatDay(first.at)}` : "Score, 90 days";
  return (
    <>
      <h2 className={styles.chartTitle}>{title}</h2>
      <ScoreChart label={`${title}, of ${card.name}`} points={data.points} goal={card.goal} range={{ from, to }} height={CHART_HEIGHT} />
    </>
  );
}

function Area({ area, most }: { area: CategoryScore; most: number }) {
  const open = [area.fail > 0 ? `${area.fail} fail` : "", area.unknown > 0 ? `${area.unknown} unknown` : "", area.stale > 0 ? `${area.stale} stale` : ""].filter(Boolean).join(", ");
  return (
    <tr>
      <td>{CATEGORY_LABELS[area.category]}</td>
      <td aria-label={`${pointsOf(area.earned)} of ${pointsOf(area.points)} points`}>
        <span className={styles.bar} style={{ width: `${(area.points / most) * 100}%` }}>
          <i style={{ width: `${area.points === 0 ? 0 : (area.earned / area.points) * 100}%` }} />
        </span>
      </td>
      <td>
        <b>{pointsOf(area.earned)}</b> of {pointsOf(area.points)}
      </td>
      <td>{open}</td>
    </tr>
  );
}
