import { expect, test } from "./fixtures/console.ts";

test("an operator opens backups", async ({ page }) => {
  await page.goto("/backups");
  await expect(page.getByRole("heading", { level: 1, name: "Backups" })).toBeVisible();
});
