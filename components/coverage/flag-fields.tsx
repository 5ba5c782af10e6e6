"use client";
import { Autocomplete, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { FLAG_PATTERN, FLAG_PROBLEM } from "../../server/coverage/schema/flag.ts";
import { Fold } from "../data/fold.tsx";
import { newFlag, type GateForm } from "./gate-values.ts";
import { LevelsGrid } from "./levels-grid.tsx";
import styles from "./coverage.module.css";

/** Levels of single flags, where they differ from the whole. */
export function FlagFields({ form, known }: { form: GateForm; known: readonly string[] }) {
  const { flags } = form.values;
  return (
    <fieldset className={styles.group}>
      <legend className={styles.quiet}>Levels of single flags: what is left empty is held to the levels above</legend>
      {flags.map(({ flag }, index) => (
        <Fold key={flag} label={`Flag ${flag}`} errors={Object.keys(form.errors).some((path) => path.startsWith(`flags.${index}.`))}>
          <LevelsGrid form={form} at={`flags.${index}.levels`} of={flag} usual={form.values.levels} />
          <div>
            <Button variant="default" size="xs" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => form.removeListItem("flags", index)}>
              Remove levels of {flag}
            </Button>
          </div>
        </Fold>
      ))}
      <AddFlag taken={flags.map(({ flag }) => flag)} known={known} onAdd={(flag) => form.insertListItem("flags", newFlag(flag))} />
    </fieldset>
  );
}

type AddFlagProps = { taken: readonly string[]; known: readonly string[]; onAdd: (flag: string) => void };

function AddFlag({ taken, known, onAdd }: AddFlagProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const add = (): void => {
    const flag = name.trim().toLowerCase();
    const problem = !FLAG_PATTERN.test(flag) ? FLAG_PROBLEM : taken.includes(flag) ? `${flag} has levels already` : null;
    setError(problem);
    if (problem) return;
    onAdd(flag);
    setName("");
  };
  return (
    <div className={styles.addFlag}>
      <Autocomplete
        aria-label="Flag"
        placeholder="unit"
        data={known.filter((flag) => !taken.includes(flag))}
        value={name}
        error={error}
        onChange={setName}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // Enter would send the whole form.
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
        Add levels of a flag
      </Button>
    </div>
  );
}
