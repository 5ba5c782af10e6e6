/** An administrator renames the instance and sees where each value comes from. */
import type { APIRequestContext } from "@playwright/test";
import { expect, signIn, test } from "./fixtures/console.ts";
import { ADMIN } from "./fixtures/product.ts";

test("a saved setting is there after a reload and in the audit trail", async ({ page }) => {
  await page.goto("/settings");
  const card = page.getByRole("region", { name: "This console" });
  const name = card.getByLabel("Name", { exact: true });
  await name.fill("Northpier harbour");
  await card.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Settings saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Northpier harbour");
  await page.goto("/access/audit");
  const change = page.getByRole("table", { name: "Audit trail" }).getByRole("row", { name: new RegExp(`Changed instanceName.*${ADMIN.name}`) });
  await change.click();
  const entry = page.getByRole("complementary", { name: "Audit entry" });
  await expect(entry.getByRole("row", { name: "instanceName Seaworthy Northpier harbour" })).toBeVisible();
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
  await expect(page.getByText("1 entry, in force within seconds.")).toBeVisible();
  await expect(card.getByText(`by ${ADMIN.name}`)).toBeVisible();
  await tryAddress("http://10.20.0.6/health");
  await expect(card.getByText("May be called", { exact: true })).toBeVisible();
  await page.screenshot({ path: "test-results/gallery/settings-egress.png", fullPage: true });

  await card.getByLabel("Private destinations that may be called").fill("169.254.169.254");
  await card.getByRole("button", { name: "Save the list" }).click();
  await expect(card.getByText(/is a metadata address; those are never called/)).toBeVisible();

  await card.getByLabel("Private destinations that may be called").fill("");
  await card.getByRole("button", { name: "Save the list" }).click();
  await expect(page.getByText("Only public addresses may be called.")).toBeVisible();
  await expect(card.getByText(/is a metadata address/)).toHaveCount(0);
  await expect(card.getByRole("button", { name: "Save the list" })).toBeDisabled();
  await page.getByRole("button", { name: "Purge" }).click();
  await expect(page.getByText("Cache purged")).toBeVisible();
});

test("a browser that keeps no storage follows the scheme of the system, without a fault", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.addInitScript(() => {
    const denied = { get: () => { throw new DOMException("The user denied access", "SecurityError"); } };
    Object.defineProperty(window, "localStorage", denied);
  });
  await page.goto("/settings");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

const MEANWHILE = "Piet Mast saved this meanwhile. What you changed is kept; the rest is as saved now.";
const PIET = { name: "Piet Mast", email: "piet@northpier.dev", role: "admin", password: "a mast above the harbour" };

/** Saves one setting as whoever owns the session. */
async function keepAudit(request: APIRequestContext, { days, origin }: { days: number; origin: string }): Promise<void> {
  const { revision } = (await (await request.get("/api/v1/settings")).json()) as { revision: number };
  const saved = await request.patch("/api/v1/settings", { data: { revision, values: { auditDays: days } }, headers: { origin } });
  expect(saved.status(), await saved.text()).toBe(200);
}

test("what another administrator saves meanwhile is taken over, and nothing that was typed is lost", async ({ page, stranger, baseURL }) => {
  const origin = baseURL!;
  const made = await page.request.post("/api/v1/access/users", { data: PIET, headers: { origin } });
  expect(made.ok(), await made.text()).toBe(true);
  const other = await stranger();
  await signIn(other, PIET);

  await page.goto("/settings");
  const card = page.getByRole("region", { name: "This console" });
  const name = card.getByLabel("Name", { exact: true });
  const audit = card.getByLabel("Audit entries");
  await name.fill("Northpier quay");
  await keepAudit(other.request, { days: 120, origin });
  const meanwhile = card.getByText(MEANWHILE);
  await expect(meanwhile).toBeVisible();
  await expect(name).toHaveValue("Northpier quay");
  await expect(audit).toHaveValue("120 d");

  await card.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Settings saved", { exact: true })).toBeVisible();
  await expect(meanwhile).toBeHidden();
  // With nothing typed, what is newer comes silently.
  await keepAudit(other.request, { days: 150, origin });
  await expect(audit).toHaveValue("150 d");
  await expect(meanwhile).toBeHidden();
  await page.reload();
  await expect(name).toHaveValue("Northpier quay");
  await expect(audit).toHaveValue("150 d");
});

test("whoever did not hear of it is told when saving, and saves both", async ({ page, stranger, baseURL }) => {
  const origin = baseURL!;
  const other = await stranger();
  await signIn(other, PIET);
  await page.goto("/settings");
  await page.getByRole("button", { name: "Pause live updates" }).click();
  const card = page.getByRole("region", { name: "Where the console may call" });
  const list = card.getByLabel("Private destinations that may be called");
  const save = card.getByRole("button", { name: "Save the list" });
  await list.fill("10.40.0.0/16");
  const { revision } = (await (await other.request.get("/api/v1/settings/egress")).json()) as { revision: number };
  const saved = await other.request.put("/api/v1/settings/egress", { data: { revision, granted: ["10.30.0.0/16"] }, headers: { origin } });
  expect(saved.status(), await saved.text()).toBe(200);

  await save.click();
  await expect(card.getByText(MEANWHILE)).toBeVisible();
  await expect(list).toHaveValue("10.30.0.0/16\n10.40.0.0/16");
  await save.click();
  await expect(page.getByText("2 entries, in force within seconds.")).toBeVisible();
  await list.fill("");
  await save.click();
  await expect(page.getByText("Only public addresses may be called.")).toBeVisible();
});
