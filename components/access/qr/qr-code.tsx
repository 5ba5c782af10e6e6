import { qrMatrix } from "./matrix.ts";

/** Modules of light around the code, which readers need. */
const QUIET = 4;

/** Whole pixels a module, so that every edge is sharp. */
const SCALE = 5;

/** A QR code as one SVG path, always dark on white. Nothing when the text is too long for one. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const matrix = qrMatrix(text);
  if (!matrix) return null;
  const side = matrix.length + 2 * QUIET;
  const path = matrix.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : []))).join("");
  return (
    <svg viewBox={`0 0 ${side} ${side}`} width={side * SCALE} height={side * SCALE} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
