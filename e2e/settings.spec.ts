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

test("an administrator allows a private network, tries an address and takes it back", async ({ page }) => {
  await page.goto("/settings");
  const card = page.getByRole("region", { name: "Where the console may call" });
  const tryAddress = async (address: string) => {
    await card.getByLabel("Test an address").fill(address);
    await card.getByRole("button", { name: "Test", exact: true }).click();
  };
  await tryAddress("http://10.20.0.5/health");
  await expect(card.getByText("10.20.0.5 is private")).toBeVisible();

  await card.getByLabel("Private destinations that may be called").fill("10.20.0.0/16");
  await card.getByRole("button", { name: "Save the list" }).click();
  await expect(card.getByText(/by Maya Lindqvist/)).toBeVisible();
  await tryAddress("http://10.20.0.6/health");
  await expect(card.getByText("May be called", { exact: true })).toBeVisible();
  await page.screenshot({ path: "test-results/gallery/settings-egress.png", fullPage: true });

  await card.getByLabel("Private destinations that may be called").fill("169.254.169.254");
  await card.getByRole("button", { name: "Save the list" }).click();
  await expect(card.getByText(/is a metadata address; those are never called/)).toBeVisible();

  await card.getByLabel("Private destinations that may be called").fill("");
  await card.getByRole("button", { name: "Save the list" }).click();
  await expect(card.getByText(/is a metadata address/)).toHaveCount(0);
  await page.getByRole("button", { name: "Purge" }).click();
  await expect(page.getByText("Cache purged")).toBeVisible();
});
