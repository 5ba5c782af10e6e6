/**
 * Theme and density are set on <html> before the first paint, by a script that carries the request's nonce.
 * The keys are Mantine's own for the theme and ours for the density.
 */
export const DENSITY_KEY = "seaworthy-density";
export type Density = "comfortable" | "compact";

/**
 * A browser that keeps no storage for the page throws when it is asked for some: then nothing was chosen here, which is no
 * fault and nothing that anybody could act on, so it is not reported. The system's own scheme holds.
 */
const SCRIPT = `var c,d;try{c=localStorage.getItem("mantine-color-scheme-value");d=localStorage.getItem("${DENSITY_KEY}")}catch(e){}
var r=document.documentElement;var s=c==="light"||c==="dark"?c:(matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light");
r.setAttribute("data-mantine-color-scheme",s);r.setAttribute("data-density",d==="compact"?"compact":"comfortable")`;

export function AppearanceScript({ nonce }: { nonce: string }) {
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
