/** An operator looks at how the console itself runs and lets the database count from zero. */
import { expect, test } from "./fixtures/console.ts";

test("processes and slow queries are seen, and counted from zero", async ({ page }) => {
  await page.goto("/telemetry");
  await expect(page.getByRole("heading", { level: 1, name: "Telemetry" })).toBeVisible();
  const processes = page.getByRole("table", { name: "Processes" });
  await expect(processes.getByRole("row", { name: /web/ })).toContainText("Runs");
  await expect(processes.getByRole("row", { name: /worker/ })).toContainText("MiB");

  await page.getByRole("button", { name: "All", exact: true }).click();
  const queries = page.getByRole("table", { name: "Slow queries" });
  await expect(queries).toContainText("SELECT");
  await queries.getByRole("row", { name: /SELECT/ }).first().click();
  await expect(page.getByRole("region", { name: "the statement" })).toContainText("SELECT");

  await page.getByRole("button", { name: "Count from zero" }).click();
  const dialog = page.getByRole("dialog", { name: "Count from zero" });
  await dialog.getByRole("button", { name: "Count from zero" }).click();
  await expect(page.getByText("Statements are counted from zero")).toBeVisible();
  await expect(dialog).toBeHidden();
});
