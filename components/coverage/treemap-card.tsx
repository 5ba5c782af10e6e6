"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { GatePolicy, TreeNode } from "../../server/coverage/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusIcon } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { FolderCrumbs } from "./folder-crumbs.tsx";
import { treemap, type Box } from "./treemap.ts";
import { coveredFigure, FORMAT_WORDS, formatCovered, shortCommit } from "./words.ts";
import styles from "./coverage.module.css";

/** As the card is drawn on a wide page. */
const RATIO = 1.9;
const HEIGHT = 328;
/** Smaller boxes hold no words; percent of the map. A narrow screen hides more of them by the stylesheet. */
const WORD_WIDTH = 7;
const WORD_HEIGHT = 11;

type Levels = GatePolicy["levels"]["lines"];
type Place = { service: string; commit: string; flag: string; folder: string };

const tone = (percent: number | null, levels: Levels) => (percent === null ? "unknown" : percent >= levels.target ? "ok" : percent >= levels.warn ? "near" : percent >= levels.block ? "warn" : "fail");

/** One level of folders: area is lines of code, colour is where they stand. A folder opens, a file opens its lines. */
export function TreemapCard({ place, levels, onFolder, onFile }: { place: Place; levels: Levels; onFolder: (folder: string) => void; onFile: (path: string) => void }) {
  const trpc = useTRPC();
  const { service, commit, flag, folder } = place;
  const { data, error, refetch } = useQuery(trpc.coverage.tree.queryOptions({ service, commit, folder, ...(flag ? { flag } : {}) }, { placeholderData: keepPreviousData }));
  const source = data ? `${data.formats.map((format) => FORMAT_WORDS[format] ?? format).join(", ")}, commit ${shortCommit(commit)}` : "Folders";
  return (
    <Card title="Folders" aside={<MapLegend levels={levels} />} footer={{ source, at: data?.at ? <RelativeTime at={data.at} /> : null }}>
      <FolderCrumbs folder={data?.folder ?? folder} onFolder={onFolder} />
      {data ? (
        data.nodes.length > 0 ? (
          <div className={styles.map}>
            {treemap(data.nodes, ({ lines }) => lines.total, RATIO).map((box) => (
              <Tile key={box.item.path} box={box} levels={levels} onOpen={() => (box.item.isFolder ? onFolder(box.item.path) : onFile(box.item.path))} />
            ))}
          </div>
        ) : (
          <p className={styles.quiet}>{data.hasDetail ? "No file lies here." : "The files of this commit are no longer kept; its figures are."}</p>
        )
      ) : error ? (
        <ErrorState title="The folders could not be read" what={describeError(error).message} kept="The report is kept." onRetry={() => void refetch()} />
      ) : (
        <SkeletonBlock height={HEIGHT} />
      )}
    </Card>
  );
}

function Tile({ box, levels, onOpen }: { box: Box<TreeNode>; levels: Levels; onOpen: () => void }) {
  const { item, left, top, width, height } = box;
  const state = tone(item.percent, levels);
  const isSmall = width < WORD_WIDTH || height < WORD_HEIGHT;
  const label = `${item.name} ${formatCovered(item.percent)} of ${plural(item.lines.total, "line")}${item.isFolder ? `, ${plural(item.files, "file")}` : ""}`;
  return (
    <div className={styles.tile} style={{ left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` }}>
      <button type="button" className={styles.tileBody} data-state={state} data-small={isSmall || undefined} title={label} aria-label={label} onClick={onOpen}>
        {isSmall ? null : (
          <>
            <span className={styles.tileName}>{item.name}</span>{" "}
            <span className={styles.tileFigure}>
              {state === "fail" || state === "warn" ? <StatusIcon state={state} size={12} /> : null}
              {item.percent === null ? "–" : coveredFigure(item.percent)}
            </span>
          </>
        )}
      </button>
    </div>
  );
}

function MapLegend({ levels: { block, warn, target } }: { levels: Levels }) {
  const entries = [
    { state: "ok", text: `${target} and over` },
    { state: "near", text: `${warn} to ${target}` },
    { state: "warn", text: `${block} to ${warn}` },
    { state: "fail", text: `under ${block}` },
  ];
  return (
    <span className={styles.legend}>
      <span>area is lines of code, figures are percent</span>
      {entries.map(({ state, text }) => (
        <span key={state}>
          <i data-state={state} />
          {text}
        </span>
      ))}
    </span>
  );
}
