/** An operator looks into the console's own queue. */
import { expect, test } from "./fixtures/console.ts";

test("the own queue shows what it did", async ({ page }) => {
  await page.goto("/queues");
  await expect(page.getByRole("heading", { level: 1, name: "Queues" })).toBeVisible();
  const row = page.getByRole("row", { name: /services\.rollup/ });
  await expect(row).toBeVisible();
  await row.click();
  await expect(page).toHaveURL(/\/queues\/own\/services\.rollup/);
  await expect(page.getByRole("heading", { level: 1, name: "services.rollup" })).toBeVisible();
});
