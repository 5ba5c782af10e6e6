/** A pipeline sends its first report; the operator sees the verdict, finds the costly file, tightens the gate, sends tests. */
import { expect, test } from "./fixtures/console.ts";

const COMMIT = "9f3c1ab29f3c1ab29f3c1ab29f3c1ab29f3c1ab2";
const SECOND = "1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e1b2c3d4e";

const record = (path: string, lines: number, hit: number) => `SF:${path}\n${Array.from({ length: lines }, (_, index) => `DA:${index + 1},${index < hit ? 1 : 0}\n`).join("")}end_of_record\n`;
const FIRST_REPORT = `TN:\n${record("src/server.ts", 100, 92)}${record("src/cache/lru.ts", 60, 20)}`;
const SECOND_REPORT = `TN:\n${record("src/server.ts", 100, 95)}${record("src/cache/lru.ts", 60, 54)}`;
const JUNIT = '<testsuite name="cart"><testcase name="adds" time="0.2"/><testcase name="refuses" time="0.1"><failure message="expected 0, got 1"/></testcase></testsuite>';

// A file that is no report is refused as a bad request.
test.use({ provokes: [400] });

test("the first report turns an empty page into a verdict, while the operator watches", async ({ page }) => {
  await page.goto("/coverage/seaworthy");
  await expect(page.getByText("No report has arrived yet,")).toBeVisible();
  await page.getByRole("button", { name: "See it with sample data" }).click();
  await expect(page.getByText("Sample data of a made-up shop.")).toBeVisible();
  await expect(page.getByRole("table", { name: "Files that cost most points" }).getByRole("row").nth(1)).toContainText("src/catalogue/import.ts");
  await page.getByRole("button", { name: "Leave the sample" }).click();
  await expect(page.getByText("No report has arrived yet,")).toBeVisible();
  await page.getByRole("button", { name: "Upload a file" }).click();
  const dialog = page.getByRole("dialog", { name: "Upload report" });
  await dialog.locator("input[type=file]").setInputFiles({ name: "anything.txt", mimeType: "text/plain", buffer: Buffer.from("this is no report") });
  await dialog.getByLabel("Commit").fill(COMMIT);
  await dialog.getByRole("button", { name: "Upload" }).click();
  await expect(dialog.getByText(/no coverage report that is known here/)).toBeVisible();
  await dialog.locator("input[type=file]").setInputFiles({ name: "anything.txt", mimeType: "text/plain", buffer: Buffer.from(FIRST_REPORT) });
  await dialog.getByRole("button", { name: "Upload" }).click();

  await expect(page.getByText("The gate passes with a warning: lines are 70.0 %, 15 points under target 85.")).toBeVisible();
  const measures = page.getByLabel("Measures");
  await expect(measures.getByText("70.0 %")).toBeVisible();
  await expect(measures.getByText("not reported").first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Files that cost most points" }).getByRole("row").nth(1)).toContainText("src/cache/lru.ts");
});

test("a costly file opens to its lines, and a better commit is compared with the one before", async ({ page }) => {
  await page.goto("/coverage/seaworthy?tab=files");
  await page.getByRole("table", { name: "Files" }).getByRole("row", { name: /src\/cache\/lru\.ts/ }).click();
  await expect(page.getByRole("region", { name: "Lines of src/cache/lru.ts" }).getByRole("row", { name: "21 not hit" })).toBeVisible();

  const sent = await page.request.post(`/api/v1/coverage/reports?service=seaworthy&commit=${SECOND}&flag=unit`, { data: Buffer.from(SECOND_REPORT), headers: { "content-type": "application/octet-stream", "sec-fetch-site": "same-origin" } });
  expect(await sent.json()).toMatchObject({ isNew: true, isPassing: true, verdict: { outcome: "pass" } });
  await page.goto("/coverage/seaworthy?tab=compare");
  await expect(page.getByRole("row", { name: /src\/cache\/lru\.ts.*better.*33\.3 %.*90\.0 %/ })).toBeVisible();
  await expect(page.getByText("The gate passes.")).toBeVisible();
});

test("a floor for one folder fails the gate at once, with its points", async ({ page }) => {
  await page.goto("/coverage/seaworthy?tab=gate");
  await page.getByRole("button", { name: "Add a floor" }).click();
  await page.getByLabel("Pattern 1", { exact: true }).fill("src/cache/**");
  await page.getByLabel("Percent 1", { exact: true }).fill("95");
  await page.getByRole("button", { name: "Save gate" }).click();
  await expect(page.getByText("src/cache/lru.ts has 90.0 % of its lines, 5 points under its floor of 95 %.")).toBeVisible();
});

test("a flag is held to levels of its own, and the badge is shown to everybody once somebody says so", async ({ page, playwright, baseURL }) => {
  const stranger = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  expect((await stranger.get("/badge/coverage/seaworthy.svg")).status()).toBe(404);
  await page.goto("/coverage/seaworthy?tab=gate");
  await page.getByRole("combobox", { name: "Flag", exact: true }).fill("unit");
  await page.getByRole("button", { name: "Add levels of a flag" }).click();
  await page.getByRole("button", { name: "Flag unit" }).click();
  await page.getByLabel("unit: Lines, block").fill("97");
  await page.getByRole("button", { name: "Save gate" }).click();
  await expect(page.getByText("Check the marked fields. Nothing was changed.")).toBeVisible();
  await page.getByLabel("unit: Lines, warn").fill("98");
  await page.getByLabel("unit: Lines, target").fill("99");
  await page.getByLabel("Show the badge to everybody").check();
  await page.getByRole("button", { name: "Save gate" }).click();
  await expect(page.getByText("Gate saved")).toBeVisible();
  await page.goto("/coverage/seaworthy");
  await expect(page.getByRole("region", { name: "Gate" }).getByText("Lines of unit, target 97")).toBeVisible();

  const badge = await stranger.get("/badge/coverage/seaworthy.svg");
  expect([badge.status(), badge.headers()["content-type"], badge.headers()["cross-origin-resource-policy"]]).toEqual([200, "image/svg+xml; charset=utf-8", "cross-origin"]);
  expect(await badge.text()).toContain("<title>coverage: 93.1 %</title>");
  const again = await stranger.get("/badge/coverage/seaworthy.svg", { headers: { "if-none-match": badge.headers()["etag"] ?? "" } });
  expect(again.status()).toBe(304);
  await stranger.dispose();
});

test("test results name what failed", async ({ page }) => {
  await page.goto("/coverage/seaworthy?tab=tests");
  await expect(page.getByText("No test results have arrived")).toBeVisible();
  const sent = await page.request.post(`/api/v1/coverage/tests?service=seaworthy&commit=${SECOND}&flag=unit`, { data: Buffer.from(JUNIT), headers: { "content-type": "application/octet-stream", "sec-fetch-site": "same-origin" } });
  expect(sent.status(), await sent.text()).toBe(200);
  await expect(page.getByText("expected 0, got 1")).toBeVisible();
  await page.goto("/coverage");
  await expect(page.getByRole("row", { name: /Seaworthy.*Fails.*1 failed/ })).toBeVisible();
});
