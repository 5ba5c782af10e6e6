/** The first page an operator sees, in headless Chromium on this machine: script weight, paint, shift, console. */
import { measureLoad, openBrowser, signIn, type PageLoad } from "./browser.ts";
import { percentile, type Figure } from "./figure.ts";
import { startProduct } from "./product.ts";

const PORT = 4034;
const LOADS = 5;

/** Median of five cold-cache loads after one that warms the server. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT });
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await signIn(await context.newPage(), product.url);
  const loads: PageLoad[] = [];
  for (let i = 0; i <= LOADS; i++) {
    const page = await context.newPage();
    loads.push(await measureLoad(page, `${product.url}/`));
    await page.close();
  }
  await browser.close();
  await product.stop();
  const warm = loads.slice(1);
  const median = (pick: (load: PageLoad) => number) => percentile(warm.map(pick), 0.5);
  return [
    { name: "overview-scripts", value: median((load) => load.scriptKb), unit: "KB", goal: "<=280" },
    { name: "overview-lcp", value: median((load) => load.lcpMs) / 1000, unit: "s", goal: "<=1.2" },
    { name: "overview-shift", value: median((load) => load.layoutShift), unit: "ratio", goal: "<=0.01" },
    { name: "overview-console-errors", value: warm.reduce((sum, load) => sum + load.consoleErrors, 0), unit: "count", goal: "<=0" },
  ];
}
