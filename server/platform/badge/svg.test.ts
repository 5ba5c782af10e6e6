import { expect, test } from "vitest";
import { BADGE_COLORS } from "./schema.ts";
import { badgeSvg } from "./svg.ts";

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

test("says its words to those who cannot see it, whatever they hold", () => {
  const svg = badgeSvg({ label: 'a<b>&"c"', message: "84.2 %", color: "brightgreen" });
  expect(svg).toContain('role="img" aria-label="a&lt;b&gt;&amp;&quot;c&quot;: 84.2 %"');
  expect(svg).toContain("<title>a&lt;b&gt;&amp;&quot;c&quot;: 84.2 %</title>");
  expect(svg).not.toContain("<b>");
});

test("is as wide as its words", () => {
  const widthOf = (message: string) => Number(/width="(\d+)"/.exec(badgeSvg({ label: "coverage", message, color: "red" }))?.[1]);
  expect(widthOf("100.0 %")).toBeGreaterThan(widthOf("9 %"));
  expect(badgeSvg({ label: "coverage", message: "9 %", color: "red" }).length).toBeLessThan(1_000);
});

test.each(BADGE_COLORS)("white stands out on %s", (color) => {
  const fills = [...badgeSvg({ label: "l", message: "m", color }).matchAll(/fill="(#[0-9A-F]{6})"/g)].map((match) => match[1] ?? "");
  expect(fills).toHaveLength(2);
  for (const fill of fills) expect(1.05 / (luminance(fill) + 0.05)).toBeGreaterThan(4.6);
});
