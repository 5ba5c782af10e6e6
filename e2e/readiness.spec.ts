/** An operator opens a point to its evidence, tries what-if, asks for a waiver that a second administrator approves, and takes the report. */
import { readFileSync } from "node:fs";
import { expect, signIn, test } from "./fixtures/console.ts";

const PASSWORD = "a-harbour-at-low-tide";
const SECOND = "second.admin@example.com";

test("a point is opened, supposed, waived by two people and reported", async ({ page, stranger, baseURL }) => {
  const made = await page.request.post("/api/v1/services", { data: { name: "Harbour", tier: 1 }, headers: { origin: baseURL! } });
  expect(made.status()).toBe(200);
  const { slug } = (await made.json()) as { slug: string };
  const added = await page.request.post("/api/v1/access/users", { data: { name: "Second Admin", email: SECOND, role: "admin", password: PASSWORD }, headers: { origin: baseURL! } });
  expect(added.ok(), await added.text()).toBe(true);

  await page.goto(`/readiness/${slug}`);
  await expect(page.getByRole("heading", { level: 1, name: "Harbour" })).toBeVisible();
  await expect(page.getByText(/^Not ready/)).toBeVisible();

  await page.getByRole("row", { name: /Somebody owns it/ }).click();
  const panel = page.getByRole("complementary", { name: "Evidence of Somebody owns it" });
  await expect(panel.getByText("What was seen")).toBeVisible();
  await expect(panel.getByText("Settings of the service")).toBeVisible();
  await expect(panel.getByRole("link", { name: "Open" })).toHaveAttribute("href", `/services/${slug}?tab=settings`);

  await page.getByRole("region", { name: "What if" }).getByRole("checkbox").first().check();
  await expect(page.getByText("Score would be")).toBeVisible();

  await panel.getByRole("button", { name: "Ask for a waiver" }).click();
  const dialog = page.getByRole("dialog", { name: "Ask for a waiver" });
  await dialog.getByLabel("Reason").fill("The team forms in December.");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  const waivers = page.getByRole("region", { name: "Waivers" });
  await expect(waivers.getByText("waits for an administrator")).toBeVisible();
  await expect(waivers.getByRole("button", { name: "Approve" })).toHaveCount(0);

  const other = await stranger();
  await signIn(other, { email: SECOND, password: PASSWORD });
  await other.goto("/readiness?tab=waivers");
  await other.getByRole("listitem").filter({ hasText: "Harbour: Somebody owns it" }).getByRole("button", { name: "Approve" }).click();
  await expect(other.getByText("Waiver approved")).toBeVisible();

  await page.goto(`/readiness/${slug}`);
  await expect(page.getByRole("row", { name: /Somebody owns it/ })).toContainText("Waived");

  await page.getByRole("link", { name: "Report" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pre-production review: Harbour" })).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Markdown" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^readiness-harbour-\d{4}-\d\d-\d\d\.md$/);
  expect(readFileSync(await file.path(), "utf8")).toContain("The team forms in December.");
});

test("weights and the goal are changed, and a score of the past is stated and taken back", async ({ page }) => {
  await page.goto("/readiness?tab=scoring");
  await page.getByRole("textbox", { name: "Goal" }).fill("90");
  await page.getByLabel("Weight of Documentation").fill("5");
  await page.getByRole("button", { name: "Save scoring" }).click();
  await expect(page.getByText(/^Version 1/)).toBeVisible();
  await page.getByRole("button", { name: "State a score" }).click();
  const dialog = page.getByRole("dialog", { name: "State a score of the past" });
  await dialog.getByLabel("Score", { exact: true }).fill("55");
  await dialog.getByLabel("Day", { exact: true }).fill("2026-06-01");
  await dialog.getByLabel("Where it comes from").fill("Review by hand");
  await dialog.getByRole("button", { name: "State" }).click();
  const stated = page.getByRole("region", { name: "Stated scores" });
  await expect(stated.getByText("All services: Review by hand.")).toBeVisible();
  await stated.getByRole("button", { name: /^Remove 55/ }).click();
  await page.getByRole("dialog", { name: "Remove this stated score" }).getByRole("button", { name: "Remove" }).click();
  await expect(stated.getByText("None.")).toBeVisible();
});

test("a list of questions is adopted and answered", async ({ page }) => {
  await page.goto("/readiness/seaworthy?tab=questions");
  const counts = page.getByRole("switch", { name: "Before deployment: code counts" });
  // The switch itself is drawn over.
  await counts.press(" ");
  await expect(counts).toBeChecked();
  await page.getByRole("button", { name: "Answer: Lint is clean" }).click();
  const dialog = page.getByRole("dialog", { name: "Lint is clean" });
  await dialog.getByLabel("Note").fill("Run 1204 of the pipeline");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("listitem").filter({ hasText: "Lint is clean" })).toContainText("Run 1204 of the pipeline");
});
