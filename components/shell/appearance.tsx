/**
 * Theme and density are set on <html> before the first paint, by a script that carries the request's nonce.
 * The keys are Mantine's own for the theme and ours for the density.
 */
export const DENSITY_KEY = "seaworthy-density";
export type Density = "comfortable" | "compact";

const SCRIPT = `try{var c=localStorage.getItem("mantine-color-scheme-value");var d=localStorage.getItem("${DENSITY_KEY}");
var r=document.documentElement;var s=c==="light"||c==="dark"?c:(matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light");
r.setAttribute("data-mantine-color-scheme",s);r.setAttribute("data-density",d==="compact"?"compact":"comfortable")}catch(e){}`;

export function AppearanceScript({ nonce }: { nonce: string }) {
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
