/** An administrator renames the instance and sees where each value comes from. */
import { expect, test } from "./fixtures/console.ts";

test("a saved setting is there after a reload and in the audit trail", async ({ page }) => {
  await page.goto("/settings");
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Northpier harbour");
  await page.getByRole("button", { name: /save/i }).first().click();
  await expect(page.getByText(/saved/i).first()).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Northpier harbour");
  await page.goto("/access/audit");
  await expect(page.getByText(/settings/i).first()).toBeVisible();
});

test("secrets of the environment are masked", async ({ page }) => {
  await page.goto("/settings");
  await expect(page.getByText("AUTH_SECRET").first()).toBeVisible();
  await expect(page.getByText("postgresql://seaworthy:")).toHaveCount(0);
});
