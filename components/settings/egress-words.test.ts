import { expect, test } from "vitest";
import { readEntries } from "./egress-words.ts";

test.each([
  { text: "", entries: [] },
  { text: "  10.0.0.0/8\n\n192.168.1.5:8080, db.internal ", entries: ["10.0.0.0/8", "192.168.1.5:8080", "db.internal"] },
  { text: "a.example a.example", entries: ["a.example"] },
])("reads $text", ({ text, entries }) => {
  expect(readEntries(text)).toEqual(entries);
});
