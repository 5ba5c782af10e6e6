import { describe, expect, it } from "vitest";
import { chipOf, stateChips, withChip } from "./list-filter.ts";

describe("chips of the service list", () => {
  it.each([
    ["", "all"],
    ["owner:payments search", "all"],
    ["state:down tier:1", "down"],
    ["is:archived", "archived"],
    ["state:down state:unknown", ""],
  ])("reads %j as %s", (filter, chip) => expect(chipOf(filter)).toBe(chip));

  it("changes only what the chips stand for", () => {
    expect(withChip("state:down owner:payments search", "unknown")).toBe("state:unknown owner:payments search");
    expect(withChip("state:down search", "all")).toBe("search");
    expect(withChip("search", "archived")).toBe("is:archived search");
  });

  it("leaves out states that nothing has", () => {
    expect(stateChips({ all: 3, up: 3, degraded: 0, down: 0, unknown: 0 }).map(({ value }) => value)).toEqual(["all", "down", "up", "archived"]);
  });
});
