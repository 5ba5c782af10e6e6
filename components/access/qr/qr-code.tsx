import { qrMatrix } from "./matrix.ts";

/** Modules of light around the code, which readers need. */
const QUIET = 4;

/** A QR code as one SVG path, always dark on white. Nothing when the text is too long for one. */
export function QrCode({ text, label, size = 200 }: { text: string; label: string; size?: number }) {
  const matrix = qrMatrix(text);
  if (!matrix) return null;
  const side = matrix.length + 2 * QUIET;
  const path = matrix.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : []))).join("");
  return (
    <svg viewBox={`0 0 ${side} ${side}`} width={size} height={size} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
