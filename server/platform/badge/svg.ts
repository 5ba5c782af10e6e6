/**
 * A badge as a picture of its own: flat, two fields, no script, no font to load, readable by screen readers. White on each
 * colour has a contrast of 4.6 to 1 or better. Pure.
 */
import type { Badge, BadgeColor } from "./schema.ts";

const FILLS: Record<BadgeColor, string> = { brightgreen: "#187A48", yellowgreen: "#4B6F12", yellow: "#8A5800", red: "#BE2F2A", lightgrey: "#59686D" };
const LABEL_FILL = "#33454A";
const HEIGHT = 20;
const PADDING = 6;
const FONT_SIZE = 11;
const BASELINE = 14;

/** Widths of a common sans serif at 11 px, by what letters look like. `textLength` makes every other font keep them. */
const NARROW = /[iljtfrI1.,:;'|!()[\] -]/;
const WIDE = /[mwMW%@]/;
const CAPITAL = /[A-Z0-9]/;
const widthOf = (letter: string): number => (NARROW.test(letter) ? 4.2 : WIDE.test(letter) ? 9.6 : CAPITAL.test(letter) ? 7.4 : 6.6);
const measure = (text: string): number => Math.round(Array.from(text).reduce((sum, letter) => sum + widthOf(letter), 0));

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const written = (text: string, x: number, width: number): string => `<text x="${x}" y="${BASELINE}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escape(text)}</text>`;

/** The picture of a badge. */
export function badgeSvg({ label, message, color }: Pick<Badge, "label" | "message" | "color">): string {
  const [labelWidth, messageWidth] = [measure(label), measure(message)];
  const split = labelWidth + 2 * PADDING;
  const width = split + messageWidth + 2 * PADDING;
  const said = escape(`${label}: ${message}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${said}">`,
    `<title>${said}</title>`,
    `<clipPath id="edge"><rect width="${width}" height="${HEIGHT}" rx="4"/></clipPath>`,
    `<g clip-path="url(#edge)"><rect width="${split}" height="${HEIGHT}" fill="${LABEL_FILL}"/><rect x="${split}" width="${width - split}" height="${HEIGHT}" fill="${FILLS[color]}"/></g>`,
    `<g fill="#fff" font-family="Inter,Verdana,'DejaVu Sans',Geneva,sans-serif" font-size="${FONT_SIZE}" aria-hidden="true">`,
    `${written(label, PADDING, labelWidth)}${written(message, split + PADDING, messageWidth)}</g></svg>`,
  ].join("");
}
