"use client";
import { Combobox, useCombobox } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconFilter, IconX } from "@tabler/icons-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { formatCount } from "./format.ts";
import { formatFilter, formatQualifier, parseFilter, type FilterQualifier } from "./filter-text.ts";
import { Key } from "./tags.tsx";
import styles from "./filter-bar.module.css";

export interface Qualifier {
  name: string;
  /** What it filters by, shown in the suggestions. */
  hint?: string;
  /** Values to suggest. */
  values?: readonly string[];
}

interface FilterBarProps {
  label: string;
  /** The filter as text: `state:down owner:payments words`. */
  value: string;
  onChange: (value: string) => void;
  qualifiers: readonly Qualifier[];
  placeholder?: string;
  /** How many things match; shown inside once something is filtered. */
  matches?: number;
}

/** A text filter whose qualifiers become chips; `/` focuses it from anywhere, Backspace takes the last chip back. */
export function FilterBar({ label, value, onChange, qualifiers, placeholder, matches }: FilterBarProps) {
  const names = qualifiers.map(({ name }) => name);
  const parsed = parseFilter(value, names);
  const [draft, setDraft] = useState(parsed.words);
  const [sent, setSent] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  useHotkeys([["/", () => input.current?.focus()]]);

  // Somebody else changed the filter (a chip, the back button): follow it.
  if (value !== sent) {
    setSent(value);
    setDraft(parsed.words);
  }

  const emit = (chips: readonly FilterQualifier[], words: string): void => {
    setDraft(words);
    const text = formatFilter({ words, qualifiers: [...chips] });
    setSent(text);
    onChange(text);
  };
  const type = (text: string): void => {
    const typed = parseFilter(text, names);
    const ends = text.endsWith(" ") || text.endsWith('"');
    combobox.openDropdown();
    if (typed.qualifiers.length > 0 && ends) emit([...parsed.qualifiers, ...typed.qualifiers], typed.words);
    else if (typed.qualifiers.length > 0 || names.some((name) => text.endsWith(`${name}:`))) setDraft(text);
    else emit(parsed.qualifiers, text.trimStart());
  };
  const commit = (): void => {
    const typed = parseFilter(draft, names);
    emit([...parsed.qualifiers, ...typed.qualifiers], typed.words);
    combobox.closeDropdown();
  };
  const choose = (option: string): void => {
    const rest = draft.split(/\s+/u).slice(0, -1).join(" ");
    if (option.endsWith(":")) setDraft(`${rest} ${option}`.trimStart());
    else {
      emit([...parsed.qualifiers, ...parseFilter(option, names).qualifiers], rest);
      combobox.closeDropdown();
    }
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter" && combobox.selectedOptionIndex === -1) commit();
    if (event.key === "Escape") input.current?.blur();
    const last = parsed.qualifiers.at(-1);
    if (event.key === "Backspace" && draft === "" && last) {
      event.preventDefault();
      emit(parsed.qualifiers.slice(0, -1), "");
      setDraft(formatQualifier(last));
    }
  };
  const options = suggestions(draft, qualifiers);
  const filtered = value !== "";
  return (
    <Combobox store={combobox} onOptionSubmit={choose} position="bottom-start" width={260}>
      <Combobox.Target>
        {/* The whole field puts the cursor into its input, as every text field does. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <div className={styles.bar} onClick={() => input.current?.focus()}>
          <IconFilter size={16} stroke={1.5} aria-hidden className={styles.icon} />
          {parsed.qualifiers.map((chip, index) => (
            <button
              key={`${chip.name}:${chip.value}:${index}`}
              type="button"
              className={styles.chip}
              aria-label={`Remove ${formatQualifier(chip)}`}
              onClick={() => emit(parsed.qualifiers.filter((_, place) => place !== index), draft)}
            >
              <span>{chip.name}:</span>
              {chip.value}
            </button>
          ))}
          <Combobox.EventsTarget>
            <input
              ref={input}
              className={styles.input}
              aria-label={label}
              placeholder={parsed.qualifiers.length === 0 ? placeholder : undefined}
              value={draft}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => type(event.currentTarget.value)}
              onFocus={() => combobox.openDropdown()}
              onBlur={() => combobox.closeDropdown()}
              onKeyDown={onKeyDown}
            />
          </Combobox.EventsTarget>
          {filtered && matches !== undefined ? <span className={styles.matches}>{formatCount(matches)} match</span> : null}
          {filtered ? (
            <button type="button" className={styles.clear} aria-label="Clear the filter" onClick={() => emit([], "")}>
              <IconX size={14} aria-hidden />
            </button>
          ) : (
            <Key>/</Key>
          )}
        </div>
      </Combobox.Target>
      <Combobox.Dropdown hidden={options.length === 0}>
        <Combobox.Options>
          {options.map(({ value: option, hint }) => (
            <Combobox.Option key={option} value={option}>
              <span className={styles.option}>{option}</span>
              {hint ? <span className={styles.hint}>{hint}</span> : null}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Enough to choose from without a scrollbar. */
const SUGGESTED = 8;

function suggestions(draft: string, qualifiers: readonly Qualifier[]): { value: string; hint?: string }[] {
  const token = (/\s$/u.test(draft) ? "" : (draft.split(/\s+/u).at(-1) ?? "")).toLowerCase();
  const [name, start] = token.split(":", 2);
  if (start !== undefined) {
    const known = qualifiers.find((qualifier) => qualifier.name === name)?.values ?? [];
    return known
      .filter((value) => value.toLowerCase().startsWith(start.replaceAll('"', "")))
      .slice(0, SUGGESTED)
      .map((value) => ({ value: formatQualifier({ name: name ?? "", value }) }));
  }
  return qualifiers
    .filter((qualifier) => qualifier.name.startsWith(token))
    .slice(0, SUGGESTED)
    .map((qualifier) => ({ value: `${qualifier.name}:`, hint: qualifier.hint }));
}
