/** The font that every page is written in, named before the page: text that is laid out once need not be again. */
import { preload } from "react-dom";

const TEXT = new URL("../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", import.meta.url);

/** Call it while the document is rendered. */
export function preloadFonts(): void {
  preload(TEXT.pathname, { as: "font", type: "font/woff2", crossOrigin: "anonymous" });
}
