"use client";
import { NumberInput } from "@mantine/core";
import { Fragment } from "react";
import type { GateForm } from "./gate-values.ts";
import { MEASURE_WORDS, ORDER } from "./words.ts";
import styles from "./coverage.module.css";

const LEVELS = ["block", "warn", "target"] as const;

interface LevelsGridProps {
  form: GateForm;
  /** Where the levels are in the form: "levels", or those of a flag. */
  at: string;
  /** Begins the name of every field, where there are several grids. */
  of?: string;
  /** What holds where a field is empty. */
  usual?: GateForm["values"]["levels"];
}

/** Block, warn and target of each measure. */
export function LevelsGrid({ form, at, of, usual }: LevelsGridProps) {
  return (
    <div className={styles.levelsGrid}>
      <span>Percent</span>
      {LEVELS.map((level) => (
        <span key={level}>{level}</span>
      ))}
      {ORDER.map((measure) => (
        <Fragment key={measure}>
          <b>{MEASURE_WORDS[measure]}</b>
          {LEVELS.map((level) => (
            <NumberInput
              key={level}
              aria-label={`${of ? `${of}: ` : ""}${MEASURE_WORDS[measure]}, ${level}`}
              min={0}
              max={100}
              decimalScale={2}
              placeholder={usual ? String(usual[measure][level]) : undefined}
              {...form.getInputProps(`${at}.${measure}.${level}`)}
            />
          ))}
        </Fragment>
      ))}
    </div>
  );
}
