/** A pipeline pushes reports; an operator looks at one, makes it the baseline and sees the next one held against it. */
import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "./fixtures/console.ts";

const report = (p95: number) => ({
  state: { testRunDurationMs: 60_000 },
  metrics: {
    http_req_duration: { type: "trend", values: { avg: 80, min: 10, med: 70, max: 900, "p(90)": 150, "p(95)": p95, "p(99)": 400 }, thresholds: { "p(95)<500": { ok: true } } },
    http_req_failed: { type: "rate", values: { rate: 0.001, passes: 6, fails: 5_994 } },
    http_reqs: { type: "counter", values: { count: 6_000, rate: 100 } },
    vus_max: { type: "gauge", values: { value: 100, min: 100, max: 100 } },
  },
});

async function push(request: APIRequestContext, p95: number, origin: string): Promise<string> {
  const answer = await request.post("/api/v1/loadtests/reports?service=seaworthy&scenario=front-door", { data: report(p95), headers: { origin } });
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { run: { id: string } }).run.id;
}

test("a run becomes the baseline and a slower one is told", async ({ page, baseURL }) => {
  await page.goto("/loadtests");
  await expect(page.getByRole("heading", { level: 1, name: "Load tests" })).toBeVisible();
  await page.getByRole("button", { name: "See it with sample data" }).click();
  await expect(page.getByRole("region", { name: "Compared" }).getByRole("row", { name: /p95/ })).toContainText("Worse");
  await page.getByRole("button", { name: "Leave the sample" }).click();
  await push(page.request, 200, baseURL!);
  await page.goto("/loadtests");
  await page.getByRole("link", { name: "front-door" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "front-door of Seaworthy" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Thresholds and reasons" })).toContainText("Held");

  await page.getByRole("button", { name: "Make it the baseline" }).click();
  await page.getByRole("dialog", { name: "Make this run the baseline" }).getByRole("button", { name: "Make it the baseline" }).click();
  await expect(page.getByText("baseline", { exact: true })).toBeVisible();
  await expect(page.getByText("This run is the baseline. Choose another run to compare with.")).toBeVisible();

  const slower = await push(page.request, 300, baseURL!);
  await page.goto(`/loadtests/${slower}`);
  await expect(page.getByText("Passed, but worse than its baseline.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Compared" }).getByRole("row", { name: /p95/ })).toContainText("Worse");

  await page.getByRole("button", { name: "Change rules" }).click();
  const rules = page.getByRole("dialog", { name: "How load tests are judged" });
  await rules.getByLabel("Slower by more than").fill("60");
  await rules.getByRole("button", { name: "Save rules" }).click();
  await expect(rules).toBeHidden();
  await expect(page.getByText("slower by more than 60 % and 20 ms")).toBeVisible();
  await expect(page.getByText("Passed, but worse than its baseline.")).toBeHidden();

  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove this run" });
  await dialog.getByLabel("Type front-door to confirm").fill("front-door");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Load tests" })).toBeVisible();
  await expect(page.getByRole("row", { name: /front-door.*this run/ })).toBeVisible();
});
